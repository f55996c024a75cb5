import { between, pickWeighted, type Random, seeded, seedOf } from './random.ts';
import { drawSteps, type Step, scenarios } from './scenarios.ts';

/** Milliseconds. */
export const hour = 3_600_000;
/** Milliseconds. */
export const day = 24 * hour;

/** A planned event of a case; the list shows it from `visibleAt` on. Times are milliseconds since 1970. */
export type PlannedEvent = {
  event: string;
  status: string | null;
  error: string | null;
  /** `created_at`. */
  at: number;
  /** Later than `at` for the few events that reach the list late. */
  visibleAt: number;
  /** False: the list shows the event without `created_at`. */
  isTimed: boolean;
};

/** Everything that will happen to a case unless it is edited, in the order of visibility. */
export type Timeline = { events: PlannedEvent[]; deletedAt: number | null };

/** Dintero reminds applicants after 24 h, 2 d, 1 w, 2 w and 4 w. */
const reminderHours = [24, 48, 168, 336, 672];

/**
 * The timeline of an account's case number `index`. Depends on the arguments only: cases are not stored, their
 * documents are computed from the seed for any time.
 */
export function timelineOf({ seed, index, createdAt }: { seed: number; index: number; createdAt: number }): Timeline {
  const random = seeded(seedOf(seed, index, 2));
  const scenario = scenarios[index] ?? pickWeighted(random, scenarios);
  // Platforms can switch reminders off.
  const isReminded = random() < 0.4;
  const events: PlannedEvent[] = [];
  let at = createdAt;
  for (const step of drawSteps(scenario, random)) {
    const previous = events.at(-1);
    const next = timeOf(step, at, random);
    if (previous && isReminded) events.push(...reminders(previous, next));
    events.push(plannedEvent(step, next, random));
    at = next;
  }
  const last = events.at(-1);
  if (last && isReminded && scenario.laterSteps.length === 0) events.push(...reminders(last, Number.POSITIVE_INFINITY));
  // So that every account has an event without a time.
  if (index % 20 === 4) events.splice(1, 1, ...events.slice(1, 2).map((each) => ({ ...each, isTimed: false })));
  events.sort((one, other) => one.visibleAt - other.visibleAt);
  return { events, deletedAt: scenario.isDeleted ? at + between(random, 50, 400) * hour : null };
}

/** The time of the next visible change of the case after `now`; Infinity when there is none. */
export function nextChangeAfter(timeline: Timeline, now: number): number {
  const { events, deletedAt } = timeline;
  const next = events.find((candidate) => candidate.visibleAt > now);
  const deletion = deletedAt !== null && deletedAt > now ? deletedAt : Number.POSITIVE_INFINITY;
  return Math.min(next?.visibleAt ?? Number.POSITIVE_INFINITY, deletion);
}

function timeOf(step: Step, after: number, random: Random): number {
  // Automatic steps often end within the same millisecond, which gives equal `created_at`.
  if (!step.isManual && step.hours < 1 && random() < 0.25) return after;
  const delay = step.hours * 4 ** (random() + random() - 1);
  const at = after + Math.round(delay * hour);
  return step.isManual ? duringWorkingHours(at, random) : at;
}

/** `at` itself, or else the next weekday between 7 and 15 UTC. */
function duringWorkingHours(at: number, random: Random): number {
  const midnight = at - (at % day);
  const morning = midnight + 7 * hour;
  const isWeekday = (time: number) => ![0, 6].includes(new Date(time).getUTCDay());
  if (isWeekday(at) && at >= morning && at < midnight + 15 * hour) return at;
  let opening = at < morning ? morning : morning + day;
  while (!isWeekday(opening)) opening += day;
  return opening + Math.round(random() * 8 * hour);
}

function plannedEvent(step: Step, at: number, random: Random): PlannedEvent {
  const isLate = random() < 0.015;
  return {
    event: step.event,
    status: step.status,
    error: step.error ?? null,
    at,
    visibleAt: isLate ? at + between(random, 2, 30) * hour : at,
    isTimed: random() > 0.004,
  };
}

function reminders(since: PlannedEvent, until: number): PlannedEvent[] {
  if (!since.status?.startsWith('WAITING_')) return [];
  return reminderHours
    .map((hours) => since.at + hours * hour)
    .filter((at) => at < until)
    .map((at) => ({ event: 'case_reminder_sent', status: null, error: null, at, visibleAt: at, isTimed: true }));
}
