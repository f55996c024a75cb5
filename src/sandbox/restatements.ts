import { eventsOf, statusOf } from './case-events.ts';
import { isObject, type JsonObject } from './json.ts';
import { day, hour } from './timeline.ts';
import type { World } from './world.ts';

/** A past that became known later than it happened, or that was told wrongly first. */
export type Restatement = {
  accountId: string;
  caseId: string;
  /** The company of the case. */
  name: string;
  /** A sentence that says what became known. */
  words: string;
};

type Choice = { id: string; name: string; document: JsonObject; event: JsonObject; at: number };
type Kind = {
  /** Whether it can happen to a case with this status. */
  status: string;
  words: (at: number) => string;
  /** Changes the document; `event` is its last event. */
  change: (world: World, accountId: string, choice: Choice) => void;
};

/** Hours after the start of the first ones; then all come again once a day. */
const FIRST_AFTER_HOURS = [1, 2, 3];
const AGAIN_AFTER_HOURS = 24;
/** So that the event is of the past, but on the charts of the last weeks. */
const AGE = { min: 4 * day, max: 60 * day };
/** How much later than first said a decision was. */
const MOVED_BY = 20 * hour;

const KINDS: readonly [Kind, Kind, Kind] = [
  {
    status: 'ACTIVE',
    words: (at) => `a review of ${dayOf(at)} became known only now`,
    change: (world, accountId, { id, document, at }) => {
      const before = timesOf(document).filter((time) => time < at);
      const between = Math.round((Math.max(at - hour, ...before) + at) / 2);
      const created_at = new Date(between).toISOString();
      world.appendEvent(
        { account: accountId, case: id },
        { event: 'case_review_started', created_at, case_status: 'UNDER_MANUAL_REVIEW' },
      );
    },
  },
  {
    status: 'DECLINED',
    words: (at) => `approved on ${dayOf(at)}, not declined`,
    change: (world, accountId, { id, event }) => correct(world, { accountId, id, event }, { case_status: 'ACTIVE' }),
  },
  {
    status: 'ACTIVE',
    words: (at) => `its approval of ${dayOf(at)} was ${MOVED_BY / hour} hours later`,
    change: (world, accountId, { id, event, at }) =>
      correct(world, { accountId, id, event }, { created_at: new Date(at + MOVED_BY).toISOString() }),
  },
];

/**
 * Plans an event that comes days late, a corrected status and a corrected time for cases of an account, soon after
 * `start` and then every day: with them "as known then" can be tried. The same world always chooses the same cases.
 */
export function planRestatements(
  world: World,
  { accountId, start }: { accountId: string; start: string },
  tell: (restatement: Restatement) => void,
): void {
  const restated = new Set<string>();
  for (const [index, kind] of KINDS.entries()) {
    const plan = (at: number) =>
      world.plan(new Date(at).toISOString(), () => {
        const choice = chooseCase(world, { accountId, kind, restated });
        if (choice !== null) {
          restated.add(choice.id);
          kind.change(world, accountId, choice);
          tell({ accountId, caseId: choice.id, name: choice.name, words: kind.words(choice.at) });
        }
        plan(at + AGAIN_AFTER_HOURS * hour);
      });
    plan(Date.parse(start) + (FIRST_AFTER_HOURS[index] ?? 0) * hour);
  }
}

/** The newest case that the kind fits and that was not restated yet. Null if there is none. */
function chooseCase(
  world: World,
  { accountId, kind, restated }: { accountId: string; kind: Kind; restated: ReadonlySet<string> },
): Choice | null {
  const now = Date.parse(world.now());
  for (const document of world.documents(accountId, { withContracts: true }).toReversed()) {
    const id = String(document.id);
    const name = nameOf(document);
    const event = lastTimed(document);
    if (event === null || name === null || restated.has(id) || statusOf(document) !== kind.status) continue;
    const at = timeOf(event);
    const isDecision = event.case_status === kind.status;
    if (isDecision && at >= now - AGE.max && at <= now - AGE.min) return { id, name, document, event, at };
  }
  return null;
}

function correct(
  world: World,
  { accountId, id, event }: { accountId: string; id: string; event: JsonObject },
  fields: JsonObject,
): void {
  world.edit({ account: accountId, case: id }, (document) => {
    const found = eventsOf(document).find((each) => each.id === event.id);
    Object.assign(found ?? {}, fields);
    document.updated_at = world.now();
  });
}

/** Null if an event has no time: then the order of the events is not sure. */
function lastTimed(document: JsonObject): JsonObject | null {
  const events = eventsOf(document);
  if (events.some((event) => Number.isNaN(timeOf(event)))) return null;
  return events.toSorted((one, other) => timeOf(one) - timeOf(other)).at(-1) ?? null;
}

function timesOf(document: JsonObject): number[] {
  return eventsOf(document).map(timeOf);
}

function timeOf(event: JsonObject): number {
  return typeof event.created_at === 'string' ? Date.parse(event.created_at) : Number.NaN;
}

/** Null for a case without a name in the reports. */
function nameOf({ case_for: seller }: JsonObject): string | null {
  return isObject(seller) && typeof seller.payout_destination_name === 'string' ? seller.payout_destination_name : null;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
