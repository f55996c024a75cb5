// Items that a sandbox's cases never become by themselves: what lies exactly on a boundary, or has no time at all.
import type { JsonObject } from '../../../src/sandbox/json.ts';
import { HOUR, type Instant, instantOf, writtenOf } from './reference/instant.ts';

const T0 = instantOf('2026-10-24T22:00:00Z') ?? 0;

/** A time so many hours and microseconds after midnight in Oslo, before the day that has 25 hours. */
const at = (hours: number, micros = 0) => writtenOf(T0 + hours * HOUR + micros);

const told = (id: number, case_status: string | null, created_at: string | null) => ({
  id,
  event: 'case_updated',
  case_status,
  created_at,
});

const ITEMS: readonly JsonObject[] = [
  { events: [], created_at: at(0, -1) },
  // Deleted at the very instant of a transition, and of the first.
  { events: [told(1, 'AUTOMATIC_REVIEW', at(1)), told(2, 'ACTIVE', at(25))], deleted_at: at(25) },
  { events: [told(1, 'AUTOMATIC_REVIEW', at(1)), told(2, 'ACTIVE', at(25))], deleted_at: at(25, 1) },
  { events: [told(1, 'AUTOMATIC_REVIEW', at(1))], deleted_at: at(1) },
  { events: [told(1, 'AUTOMATIC_REVIEW', at(1)), told(2, 'ACTIVE', at(9))], deleted_at: at(0) },
  { events: [], created_at: at(1), deleted_at: at(2) },
  // Left within 48 and 24 hours to the microsecond, and not.
  { events: [told(1, 'UNDER_MANUAL_REVIEW', at(3)), told(2, 'ACTIVE', at(51))] },
  { events: [told(1, 'UNDER_MANUAL_REVIEW', at(3)), told(2, 'ACTIVE', at(51, 1))] },
  { events: [told(1, 'WAITING_FOR_SIGNATURE', at(0)), told(2, 'DECLINED', at(24))] },
  { events: [told(1, 'WAITING_FOR_SIGNATURE', at(0)), told(2, 'DECLINED', at(24, 1))] },
  // There and back at one and the same instant, and within a microsecond around midnight.
  { events: [told(1, 'ACTIVE', at(0)), told(2, 'DECLINED', at(0)), told(3, 'ACTIVE', at(0))] },
  { events: [told(1, 'ACTIVE', at(25, -1)), told(2, 'DECLINED', at(25)), told(3, 'ACTIVE', at(25, 1))] },
  { events: [told(9, 'ACTIVE', at(0)), told(3, 'DECLINED', at(0)), told(5, 'DECLINED', null)] },
  // Closed without a decision, and straight from the start.
  {
    events: [
      told(1, 'WAITING_FOR_DETAILS', at(0)),
      told(2, 'ARCHIVED', at(30)),
      told(3, 'WAITING_FOR_DETAILS', at(31)),
    ],
  },
  { events: [told(1, 'TERMINATED', at(0))] },
  {
    events: [
      { ...told(1, 'ERROR', at(0)), error: 'first' },
      { ...told(2, null, at(0)), error: 'second' },
    ],
  },
];

const TIMELESS: readonly JsonObject[] = [
  { events: [] },
  { events: [told(1, null, at(2))] },
  { events: [told(1, 'ACTIVE', null)] },
  { events: [told(2, 'DECLINED', null), told(1, 'AUTOMATIC_REVIEW', null)] },
  { events: [told(7, 'ACTIVE', at(4)), told(2, 'AUTOMATIC_REVIEW', null)] },
];

const STATUSES_NOW = ['WAITING_FOR_DETAILS', 'UNDER_MANUAL_REVIEW', 'AUTOMATIC_REVIEW', 'ERROR', null];
const AGES = [1, 23, 25, 40, 47, 49, 71, 100, 200, 400, 1000];

/** Cases that have been in their status for all kinds of times, so that some are in every bucket of age. */
function agingItems(now: Instant): JsonObject[] {
  return STATUSES_NOW.flatMap((status) =>
    AGES.map((hours) => {
      const since = writtenOf(now - hours * HOUR);
      return { events: [told(1, status, since)], created_at: since };
    }),
  );
}

const idOf = (accountId: string, number: number) =>
  `00000000-0000-4000-8000-${accountId.slice(1)}${String(number).padStart(4, '0')}`;

/** As JSON text, with ids of this account's own. */
export function oddItems(accountId: string): string[] {
  return ITEMS.map((item, index) => JSON.stringify({ ...item, id: idOf(accountId, index) }));
}

/** The same of cases whose times nothing tells but when they were recorded; some have none at all. */
export function timelessItems(accountId: string): string[] {
  return TIMELESS.map((item, index) => JSON.stringify({ ...item, id: idOf(accountId, 500 + index) }));
}

/** The same, with ages that are seen from `now`. */
export function itemsOfAllAges(accountId: string, now: Instant): string[] {
  return agingItems(now).map((item, index) => JSON.stringify({ ...item, id: idOf(accountId, 1000 + index) }));
}

/** An item that cannot be read as a case but says which it is, and so counts as present. */
export function unreadableItem(accountId: string): { id: string; text: string } {
  const id = idOf(accountId, 9999);
  return { id, text: JSON.stringify({ id, events: [{ id: 'one' }] }) };
}
