import { type Pause, pausedText } from '../../model/pause.ts';
import type { Clock } from '../../model/time-text.ts';
import type { PausableAccount } from '../../store/accounts/pauses.ts';
import type { Style } from '../terminal/style.ts';
import { timeText } from '../terminal/time.ts';
import { wrap } from '../terminal/wrap.ts';

type Context = { account: PausableAccount; clock: Clock; style: Style };

/** The output of `pause`: since when, why, a run that is under way, until when. */
export function pausedLines(pause: Pause, { account, clock, style }: Context): string[] {
  const { runningSince, enabled } = account;
  return [
    ...wrap(
      pausedText(pause, (at) => timeText(at, clock)),
      style.width,
    ),
    ...(runningSince === null
      ? []
      : wrap(`The run that began at ${timeText(runningSince, clock)} goes on to its end.`, style.width)),
    ...(enabled ? [] : wrap('It is not configured any more; if it is configured again, it stays paused.', style.width)),
    'No run of it begins until:',
    `  cdd-sync resume ${pause.accountId}`,
  ];
}

/** The output of `pause` for an account that is paused already. */
export function alreadyPausedLines(pause: Pause, { clock, style }: Omit<Context, 'account'>): string[] {
  const text = pausedText(pause, (at) => timeText(at, clock));
  return wrap(`${text} That stays: for another reason, resume it first.`, style.width);
}

/** The output of `resume`. */
export function resumedLines(pause: Pause, { account, clock, style }: Context): string[] {
  const { accountId: id, since } = pause;
  const next = account.enabled
    ? ['A worker reads it within a minute. Without a worker:', `  cdd-sync sync --account ${id}`]
    : ['It is not configured any more, so it is not read.'];
  return [...wrap(`${id} is not paused any more; it was since ${timeText(since, clock)}.`, style.width), ...next];
}
