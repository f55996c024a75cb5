// The rows of reporting.case_timeline that are about events.
import { isDeepStrictEqual } from 'node:util';
import type { DocumentEvent } from './case-document.ts';
import type { CaseVersion, Step } from './case-versions.ts';
import { formatInstant, type Instant } from './instant.ts';
import type { Row } from './row.ts';
import type { Transition } from './transitions.ts';

/** An event of a version, and the change of status that it made. */
type Told = { event: DocumentEvent; transition: Transition | null };

/** What a row says: a change of status, an event, another version of an event with a status, or that there is none. */
type Subject = 'status' | 'event' | 'edit' | 'removal';

type Open = { row: Row; subject: Subject };

/** The rows about all events, step by step. */
export function eventSteps(steps: readonly Step[]): Row[] {
  const open = new Map<number, Open[]>();
  const rows: Row[] = [];
  for (const { before, now } of steps) {
    const [old, told] = [before === null ? new Map() : toldIn(before), toldIn(now)];
    for (const id of new Set([...old.keys(), ...told.keys()])) {
      const next = rowOf(old.get(id) ?? null, told.get(id) ?? null, now);
      if (next === null) continue;
      const isNewEvent = !isDeepStrictEqual(old.get(id)?.event.content, told.get(id)?.event.content);
      const still = (open.get(id) ?? []).filter((each) => {
        const isReplaced = isReplacedBy(each.subject, next.subject, isNewEvent);
        if (isReplaced) each.row.superseded_at = now.at;
        return !isReplaced;
      });
      open.set(id, [...still, next]);
      rows.push(next.row);
    }
  }
  return rows;
}

function isReplacedBy(earlier: Subject, later: Subject, isNewEvent: boolean): boolean {
  if (earlier === 'status') return later === 'status' || later === 'removal';
  if (earlier === 'edit') return isNewEvent;
  return true;
}

function toldIn({ history }: CaseVersion): Map<number, Told> {
  return new Map(
    history.document.events.map((event) => [
      event.id,
      { event, transition: history.transitions.find(({ eventId }) => eventId === event.id) ?? null },
    ]),
  );
}

/** The row that a step adds for an event; null if it is as before. */
function rowOf(old: Told | null, told: Told | null, { at, runId }: CaseVersion): Open | null {
  const row = (kind: string, title: string, happenedAt: Instant | null, rest: Row): Row => ({
    at: happenedAt ?? at,
    recorded_at: at,
    kind,
    title,
    event_id: (told ?? old)?.event.id ?? null,
    run_id: runId,
    superseded_at: null,
    ...rest,
  });
  if (told === null) return old === null ? null : removal(old, row);
  const { event, transition } = told;
  const error = event.error === null ? '' : `; error: ${Array.from(event.error).slice(0, 200).join('')}`;
  if (old === null) {
    if (transition === null) {
      const status = event.status === null ? '' : `: status ${event.status} as before`;
      const title = `Event ${nameOf(event)}${status}${error}`;
      return { subject: 'event', row: row('event', title, event.at, { from_value: null, to_value: nameOf(event) }) };
    }
    const values = { from_value: transition.from, to_value: transition.to };
    return { subject: 'status', row: row('status', `Status ${wordsOf(transition)}${error}`, transition.at, values) };
  }
  const isSameEvent = isDeepStrictEqual(old.event.content, event.content);
  if (!isSameStatus(old.transition, transition)) {
    const title = `Corrected: ${statusIn(transition, old.transition)}; recorded before: ${statusIn(old.transition, transition)}`;
    const happenedAt = transition?.at ?? (isSameEvent ? old.transition?.at : event.at) ?? null;
    const values = { from_value: old.transition?.to ?? null, to_value: transition?.to ?? null };
    return { subject: 'status', row: row('corrected', title + (isSameEvent ? '' : error), happenedAt, values) };
  }
  if (isSameEvent) return null;
  const values = { from_value: nameOf(old.event), to_value: nameOf(event) };
  return { subject: 'edit', row: row('corrected', editTitle(old.event, event) + error, event.at, values) };
}

function removal(
  { event, transition }: Told,
  row: (kind: string, title: string, at: Instant | null, rest: Row) => Row,
): Open {
  const subject = transition === null ? `Event ${nameOf(event)}` : `Status ${transition.to}`;
  const values = { from_value: transition?.to ?? nameOf(event), to_value: null };
  const happenedAt = transition?.at ?? event.at;
  return { subject: 'removal', row: row('corrected', `${subject} is no longer in the case`, happenedAt, values) };
}

function editTitle(old: DocumentEvent, event: DocumentEvent): string {
  const isSame =
    old.event === event.event && old.status === event.status && old.at === event.at && old.error === event.error;
  if (isSame) return `Event ${nameOf(event)} has other content, which no report shows`;
  const words = (one: DocumentEvent, other: DocumentEvent) =>
    `event ${nameOf(one)}${one.status === null ? '' : `, status ${one.status}`}${timeIn(one.at, other.at)}`;
  const error = old.error === null ? '' : `, error: ${Array.from(old.error).slice(0, 200).join('')}`;
  return `Corrected: ${words(event, old)}; recorded before: ${words(old, event)}${error}`;
}

function nameOf({ event }: DocumentEvent): string {
  return event ?? 'without a name';
}

function wordsOf({ from, to }: Transition): string {
  return from === null ? to : `${to}, was ${from}`;
}

function statusIn(one: Transition | null, other: Transition | null): string {
  return one === null ? 'no change of status' : `status ${wordsOf(one)}${timeIn(one.at, other?.at ?? null)}`;
}

/** The time, if the other one differs. */
function timeIn(at: Instant | null, other: Instant | null): string {
  return at === null || at === other ? '' : `, at ${formatInstant(at).replace(/\d{3}Z$/, 'Z')}`;
}

function isSameStatus(one: Transition | null, other: Transition | null): boolean {
  return one?.to === other?.to && one?.from === other?.from && one?.at === other?.at;
}
