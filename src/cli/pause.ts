import { pauseAccount } from '../store/accounts/pauses.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { loginName } from './login-name.ts';
import { findAccount } from './pause/account.ts';
import { alreadyPausedLines, pausedLines } from './pause/text.ts';
import { type ProcessContext, readLookSettings } from './process-context.ts';
import { reasonOf } from './reason.ts';
import { styleOf } from './terminal/style.ts';

/** Stops the runs of an account, of all workers, and prints the account's state. Repeating it changes nothing. */
export async function runPause(id: string, options: { reason: string }, context: ProcessContext): Promise<void> {
  const { print, variables } = context;
  const printAll = (lines: readonly string[]) => {
    for (const line of lines) print(line);
  };
  const reason = reasonOf(options.reason, 'wherever the account is shown');
  const { settings, log } = await readLookSettings(context);
  return withDatabase(settings, log, async (database) => {
    const shown = { clock: await readClock(database), style: styleOf(context) };
    const account = await findAccount(database, id, context);
    const pause = await pauseAccount(database, { accountId: id, reason, by: loginName(variables) });
    if (pause !== null) return printAll(pausedLines(pause, { ...shown, account }));
    const { pause: earlier } = await findAccount(database, id, context);
    if (earlier !== null) printAll(alreadyPausedLines(earlier, shown));
  });
}
