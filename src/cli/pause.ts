import { pausedText } from '../model/pause.ts';
import { UsageError } from '../model/usage-error.ts';
import { pauseAccount } from '../store/accounts/pauses.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { findAccount } from './pause/account.ts';
import { loginName } from './pause/login-name.ts';
import { type ProcessContext, readLookSettings } from './process-context.ts';
import { styleOf } from './terminal/style.ts';
import { timeText } from './terminal/time.ts';
import { fitProse } from './terminal/wrap.ts';

/** A reason stands in tables, in the log and on pages. */
const LONGEST_REASON = 500;

/** Stops the runs of an account, of all workers, and prints the account's state. Repeating it changes nothing. */
export async function runPause(id: string, options: { reason: string }, context: ProcessContext): Promise<void> {
  const { variables } = context;
  const print = (text: string) => context.print(fitProse(text, styleOf(context).width));
  const reason = reasonOf(options.reason);
  const { settings, log } = readLookSettings(context);
  return withDatabase(settings, log, async (database) => {
    const clock = await readClock(database);
    const timeOf = (at: Date) => timeText(at, clock);
    const account = await findAccount(database, id, context);
    const pause = await pauseAccount(database, { accountId: id, reason, by: loginName(variables) });
    if (pause === null) {
      const { pause: earlier } = await findAccount(database, id, context);
      if (earlier !== null) print(`${pausedText(earlier, timeOf)} That stays: for another reason, resume it first.`);
      return;
    }
    print(pausedText(pause, timeOf));
    print(`No run of it begins until: cdd-sync resume ${id}`);
    if (account.runningSince !== null) {
      print(`The run that began at ${timeOf(account.runningSince)} is under way and goes on to its end.`);
    }
    if (!account.enabled) print('It is not configured any more; if it is configured again, it stays paused.');
  });
}

function reasonOf(text: string): string {
  const reason = text.trim().replaceAll(/\s+/g, ' ');
  if (reason === '') throw new UsageError('--reason needs a text: it is shown wherever the account is shown');
  if (reason.length > LONGEST_REASON) {
    throw new UsageError(`--reason has ${reason.length} characters; at most ${LONGEST_REASON} are kept`);
  }
  return reason;
}
