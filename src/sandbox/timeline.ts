import { between, pickWeighted, type Random } from './random.ts';
import { destinies, type Move, movesOf } from './scenarios.ts';

export const hour = 3_600_000;
export const day = 24 * hour;

/** An event of a case, made up in advance; it is in the list from `visibleAt` on. Times are milliseconds since 1970. */
export type Step = {
  event: string;
  status: string | null;
  error: string | null;
  /** `created_at`. */
  at: number;
  /** Later than `at` for the few events that reach the list late. */
  visibleAt: number;
  /** False: the event is given without `created_at`. */
  isTimed: boolean;
};

/** Everything that will ever happen to a case by itself, in the order in which it becomes visible. */
export type Life = { steps: Step[]; deletedAt: number | null };

/** Dintero reminds applicants after 24 h, 2 d, 1 w, 2 w and 4 w. */
const reminderHours = [24, 48, 168, 336, 672];

/**
 * The life of an account's case number `index`. Depends on nothing but its arguments: a case is never stored, its
 * document at any time is worked out from its seed.
 */
export function lifeOf(random: Random, index: number, bornAt: number): Life {
  const destiny = destinies[index] ?? pickWeighted(random, destinies);
  // Not every platform lets Dintero remind its applicants.
  const isReminded = random() < 0.4;
  const steps: Step[] = [];
  let at = bornAt;
  for (const move of movesOf(destiny, random)) {
    const previous = steps.at(-1);
    const next = timeOf(move, at, random);
    if (previous && isReminded) steps.push(...reminders(previous, next));
    steps.push(stepOf(move, next, random));
    at = next;
  }
  const last = steps.at(-1);
  if (last && isReminded && destiny.later.length === 0) steps.push(...reminders(last, Number.POSITIVE_INFINITY));
  // Two events of one case with one and the same time, and one without any, are in every account.
  if (index % 20 === 4) steps.splice(1, 1, ...steps.slice(1, 2).map((step) => ({ ...step, isTimed: false })));
  steps.sort((one, other) => one.visibleAt - other.visibleAt);
  return { steps, deletedAt: destiny.deleted ? at + between(random, 50, 400) * hour : null };
}

/** When a change of the case is next visible after `now`; Infinity when nothing more happens. */
export function nextChangeOf(life: Life, now: number): number {
  const step = life.steps.find((candidate) => candidate.visibleAt > now);
  const deletion = life.deletedAt !== null && life.deletedAt > now ? life.deletedAt : Number.POSITIVE_INFINITY;
  return Math.min(step?.visibleAt ?? Number.POSITIVE_INFINITY, deletion);
}

function timeOf(move: Move, after: number, random: Random): number {
  // The machine often answers within the same millisecond: ties in `created_at`.
  if (!move.byHand && move.hours < 1 && random() < 0.25) return after;
  const wait = move.hours * 4 ** (random() + random() - 1);
  const at = after + Math.round(wait * hour);
  return move.byHand ? duringWorkingHours(at, random) : at;
}

/** The same moment, or the next weekday between 7 and 15 UTC. */
function duringWorkingHours(at: number, random: Random): number {
  const midnight = at - (at % day);
  const morning = midnight + 7 * hour;
  const isWeekday = (time: number) => ![0, 6].includes(new Date(time).getUTCDay());
  if (isWeekday(at) && at >= morning && at < midnight + 15 * hour) return at;
  let opening = at < morning ? morning : morning + day;
  while (!isWeekday(opening)) opening += day;
  return opening + Math.round(random() * 8 * hour);
}

function stepOf(move: Move, at: number, random: Random): Step {
  const isLate = random() < 0.015;
  return {
    event: move.event,
    status: move.status,
    error: move.error ?? null,
    at,
    visibleAt: isLate ? at + between(random, 2, 30) * hour : at,
    isTimed: random() > 0.004,
  };
}

function reminders(waiting: Step, until: number): Step[] {
  if (!waiting.status?.startsWith('WAITING_')) return [];
  return reminderHours
    .map((hours) => waiting.at + hours * hour)
    .filter((at) => at < until)
    .map((at) => ({ event: 'case_reminder_sent', status: null, error: null, at, visibleAt: at, isTimed: true }));
}
