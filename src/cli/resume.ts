import { resumeAccount } from '../store/accounts/pauses.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { findAccount } from './pause/account.ts';
import { loginName } from './pause/login-name.ts';
import { type ProcessContext, readLookSettings } from './process-context.ts';
import { styleOf } from './terminal/style.ts';
import { timeText } from './terminal/time.ts';
import { fitProse } from './terminal/wrap.ts';

/** Continues the runs of a paused account. Repeating it changes nothing. */
export async function runResume(id: string, context: ProcessContext): Promise<void> {
  const { variables } = context;
  const print = (text: string) => context.print(fitProse(text, styleOf(context).width));
  const { settings, log } = readLookSettings(context);
  return withDatabase(settings, log, async (database) => {
    const account = await findAccount(database, id, context);
    const pause = await resumeAccount(database, { accountId: id, by: loginName(variables) });
    if (pause === null) {
      print(`${id} is not paused; nothing was changed.`);
      return;
    }
    print(`${id} is not paused any more; it was since ${timeText(pause.since, await readClock(database))}.`);
    if (account.enabled) print(`A worker reads it within a minute; without one: cdd-sync sync --account ${id}`);
    else print('It is not configured any more, so it is not read.');
  });
}
