import type { StayRow } from './queries.ts';
import type { VersionRow } from './timeline-queries.ts';

/** A thing that happened, with everything that was ever believed about it. */
export type Entry = {
  /** The belief at the chosen time; of a thing that was not known then, today's belief. */
  main: VersionRow;
  /** Earlier beliefs; each held until the next one was recorded. */
  earlier: readonly VersionRow[];
  /** Beliefs that came later than the knowledge that is asked for. */
  later: readonly VersionRow[];
  isKnown: boolean;
};

/** Kinds of rows about events: those of one event tell one story. */
const OF_EVENTS = ['status', 'event', 'corrected'];

/** Entries of the timeline, the one that happened last first. */
export function entriesOf(versions: readonly VersionRow[]): Entry[] {
  const stories = new Map<string, VersionRow[]>();
  for (const [index, version] of versions.entries()) {
    const isOfEvent = version.event_id !== null && OF_EVENTS.includes(version.kind);
    const key = isOfEvent ? `event ${version.event_id}` : `row ${index}`;
    stories.set(key, [...(stories.get(key) ?? []), version]);
  }
  const entries = [...stories.values()].flatMap((story) => entryOf(story) ?? []);
  // The rows come in the order of the view, which decides between things of the same time.
  const places = new Map(versions.map((version, index) => [version, index]));
  const placeOf = ({ main }: Entry) => places.get(main) ?? 0;
  return entries.sort((a, b) => placeOf(b) - placeOf(a));
}

function entryOf(story: readonly VersionRow[]): Entry | null {
  const inOrder = story.toSorted((a, b) => Number(a.moment > b.moment) - Number(a.moment < b.moment));
  const known = inOrder.filter(({ is_known }) => is_known);
  const believed = known.length > 0 ? known : inOrder;
  const main = believed.at(-1);
  if (main === undefined) return null;
  return {
    main,
    earlier: believed.slice(0, -1),
    later: inOrder.slice(believed.length),
    isKnown: known.length > 0,
  };
}

/** How long after it happened a thing was learned, in hours; null if the API tells no time of it. */
export function lagHours({ at, recorded_at }: VersionRow): number | null {
  const ms = recorded_at.getTime() - at.getTime();
  return ms === 0 ? null : ms / 3_600_000;
}

const LATE_HOURS = 24;

/** As in data_quality, check long_detection_lag: events before the case's first reading are not late. */
export function isLate(version: VersionRow, firstSeenAt: Date): boolean {
  const lag = lagHours(version);
  return lag !== null && lag > LATE_HOURS && version.recorded_at > firstSeenAt;
}

export type Route = 'manual' | 'automatic';

const DECISIONS = ['approved', 'declined'];

/** How each decision came about, by the event that made it: view decisions, for the stays of any knowledge. */
export function routesOf(stays: readonly StayRow[]): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  let stageBefore: string | null = null;
  let wasManual = false;
  for (const { status, stage, event_id } of stays) {
    if (DECISIONS.includes(stage) && stage !== stageBefore) {
      routes.set(event_id, wasManual ? 'manual' : 'automatic');
      wasManual = false;
    }
    if (status === 'UNDER_MANUAL_REVIEW') wasManual = true;
    stageBefore = stage;
  }
  return routes;
}

export type TargetState = 'met' | 'breached' | 'due_soon' | 'running';

/** Less of the target than this is left: it is due soon. */
const DUE_SOON = 0.2;

/** As in status_targets; null if the status has no target. */
export function targetState(stay: StayRow): TargetState | null {
  const isBusiness = stay.target_business_hours !== null;
  const target = isBusiness ? stay.target_business_hours : stay.target_hours;
  const used = isBusiness ? stay.business_hours : stay.hours;
  if (target === null || used === null) return null;
  if (used > target) return 'breached';
  if (stay.ended_at !== null) return 'met';
  return used > target * (1 - DUE_SOON) ? 'due_soon' : 'running';
}

/** The fields as they were known: those of today, with later changes taken back. */
export function fieldsKnown(
  fields: Readonly<Record<string, string | null>>,
  changes: readonly { field: string; old_value: string | null; is_known: boolean }[],
): Record<string, string | null> {
  const known = { ...fields };
  // The earliest change that was not known yet has the value that was.
  for (const { field, old_value, is_known } of changes.toReversed()) {
    if (!is_known && field in known) known[field] = old_value;
  }
  return known;
}
