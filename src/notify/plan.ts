import { CASE_KINDS, type NoticeKind } from '../model/notice.ts';
import type { AccountFacts } from '../store/notices/accounts.ts';
import type { CaseCount } from '../store/notices/cases.ts';
import type { NoticeRow } from '../store/notices/notices.ts';
import type { Change } from './change.ts';
import { withoutConsequences } from './consequences.ts';
import { digestStep, isDigestDue } from './digests.ts';
import { type AccountKind, causeOf, type Observation, observe, unwatched } from './sightings.ts';
import { DAY_MS, nextEvents, nextStep } from './state-machine.ts';
import type { Subscription } from './subscriptions.ts';

export type Known = {
  facts: readonly AccountFacts[];
  cases: readonly CaseCount[];
  stored: readonly NoticeRow[];
  now: Date;
};

/** Changed states and due messages, for every channel, kind and account that rules ask for. */
export function planChanges(subscriptions: readonly Subscription[], known: Known): Change[] {
  const stored = new Map(known.stored.map((row) => [keyOf(row), row]));
  const cases = new Map(known.cases.map((row) => [keyOf({ channel: '', ...row }), row]));
  const steps = subscriptions.flatMap(({ channel, kind, accounts }) => {
    const told = known.stored.filter((row) => row.channel === channel && row.kind === 'digest');
    if (kind === 'digest' && !isDigestDue(told, known.now)) return [];
    return known.facts
      .filter(({ accountId }) => accounts === null || accounts.has(accountId))
      .map((facts) => {
        const place = { channel, kind, accountId: facts.accountId };
        const row = stored.get(keyOf(place)) ?? null;
        const found = cases.get(keyOf({ ...place, channel: '' }));
        return stepOf(place, row, { facts, found, now: known.now });
      });
  });
  return withoutConsequences(steps, known.now).filter(
    (step) => step.phase !== null || !isSame(stored.get(keyOf(step)) ?? null, step.after),
  );
}

type Place = Pick<NoticeRow, 'channel' | 'kind' | 'accountId'>;

function keyOf({ channel, kind, accountId }: Place): string {
  return `${channel} ${kind} ${accountId}`;
}

function stepOf(
  place: Place,
  row: NoticeRow | null,
  { facts, found, now }: { facts: AccountFacts; found: CaseCount | undefined; now: Date },
): Change {
  // A rule that is back after more than a day is a new one: of the time between nobody was told.
  const isForgotten = row?.unjudgedSince != null && isDayAgo(row.unjudgedSince, now);
  const before = isForgotten ? null : row;
  const observation = observationOf(place.kind, facts, found, now);
  const newItems = found !== undefined && before !== null && found.noticedAt > before.toldAt ? 1 : 0;
  const sighting = { ...observation, newItems, cause: causeOf(place.kind, observation) };
  const { notice, phase } =
    place.kind === 'digest'
      ? digestStep(before, facts, now)
      : (place.kind === 'approval_lost' ? nextEvents : nextStep)(before, sighting, now);
  const after = notice === null ? null : { ...place, ...notice, unjudgedSince: null };
  return { ...place, before: row, after, phase, observation };
}

function observationOf(kind: NoticeKind, facts: AccountFacts, found: CaseCount | undefined, now: Date): Observation {
  if (kind === 'digest') return { state: 'off', since: now, items: 0, code: facts.digest };
  if (!isCaseKind(kind)) return observe(kind, facts, now);
  const away = unwatched(facts, now);
  if (away !== null) return away;
  if (found === undefined) return { state: 'off', since: now, items: 0, code: null };
  return { state: 'on', since: found.since, items: found.items, code: null };
}

function isCaseKind(kind: NoticeKind): kind is Exclude<NoticeKind, AccountKind | 'digest'> {
  return CASE_KINDS.includes(kind);
}

function isSame(row: NoticeRow | null, after: NoticeRow | null): boolean {
  return JSON.stringify(row && ordered(row)) === JSON.stringify(after && ordered(after));
}

function ordered({ beganAt, toldAt, reminders, times, endingSince, endedAt, unjudgedSince, causes }: NoticeRow) {
  return [beganAt, toldAt, reminders, times, endingSince, endedAt, unjudgedSince, causes];
}

/**
 * Stored states that no rule asks for. They are marked first and forgotten after a day: while replicas of two configurations
 * run, each would otherwise forget the states of the other, and tell them again and again.
 */
export function planForgetting(
  subscriptions: readonly Subscription[],
  { stored, now }: Pick<Known, 'stored' | 'now'>,
): { marked: NoticeRow[]; forgotten: NoticeRow[] } {
  const unasked = stored.filter(
    (row) =>
      !subscriptions.some(
        ({ channel, kind, accounts }) =>
          channel === row.channel && kind === row.kind && (accounts === null || accounts.has(row.accountId)),
      ),
  );
  return {
    marked: unasked.filter((row) => row.unjudgedSince === null).map((row) => ({ ...row, unjudgedSince: now })),
    forgotten: unasked.filter((row) => row.unjudgedSince !== null && isDayAgo(row.unjudgedSince, now)),
  };
}

function isDayAgo(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() >= DAY_MS;
}
