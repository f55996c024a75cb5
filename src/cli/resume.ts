import { resumeAccount } from '../store/accounts/pauses.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { loginName } from './login-name.ts';
import { findAccount } from './pause/account.ts';
import { resumedLines } from './pause/text.ts';
import { type ProcessContext, readLookSettings } from './process-context.ts';
import { styleOf } from './terminal/style.ts';

/** Continues the runs of a paused account. Repeating it changes nothing. */
export async function runResume(id: string, context: ProcessContext): Promise<void> {
  const { print, variables } = context;
  const { settings, log } = await readLookSettings(context);
  return withDatabase(settings, log, async (database) => {
    const account = await findAccount(database, id, context);
    const pause = await resumeAccount(database, { accountId: id, by: loginName(variables) });
    if (pause === null) {
      print(`${id} is not paused; nothing was changed.`);
      return;
    }
    const clock = await readClock(database);
    for (const line of resumedLines(pause, { account, clock, style: styleOf(context) })) print(line);
  });
}
