// The lists of both accounts at the API.
import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { parseForComparison } from './exact-json.ts';
import type { AccountLetter, AllListed, CaseName, Change, Fields, Listing, Run } from './history.ts';

/** An item of a list as JSON text. `caseId` is null if it cannot be read, `document` if the item must be rejected. */
export type Item = { text: string; caseId: string | null; document: JsonObject | null };

type ListedCase = {
  fields: Map<string, string>;
  events: { id: number; fields: Fields }[];
  as: Listing;
  isReversed: boolean;
  isUpperCase: boolean;
};

export type Lists = Map<CaseName, ListedCase>;

const caseIdOf = (name: CaseName): string => `3c90c3cc-0d44-4b50-8888-8dd25736052${'abcd'.charAt(Number(name[1]) - 1)}`;

export function makeChange(lists: Lists, change: Change): void {
  if (change.change === 'list all') {
    listAll(lists, change);
    return;
  }
  const changed = lists.get(change.case) ?? newCase();
  lists.set(change.case, changed);
  if (change.change === 'event') putEvent(changed, change);
  if (change.change === 'many events') for (const event of manyEvents()) putEvent(changed, event);
  if (change.change === 'no event') changed.events = changed.events.filter(({ id }) => id !== change.id);
  if (change.change === 'field' && change.value === null) changed.fields.delete(change.name);
  if (change.change === 'field' && change.value !== null) changed.fields.set(change.name, change.value);
  if (change.change === 'list') changed.as = change.as;
  if (change.change === 'spelling') {
    changed.isReversed = change.keys === 'reversed';
    changed.isUpperCase = change.id === 'upper';
  }
}

function listAll(lists: Lists, { account, as }: AllListed): void {
  for (const [name, listed] of lists) if (accountOf(name) === account) listed.as = as;
}

const newCase = (): ListedCase => ({
  fields: new Map(),
  events: [],
  as: 'listed',
  isReversed: false,
  isUpperCase: false,
});

type NewEvent = Pick<Extract<Change, { change: 'event' }>, 'id' | 'fields' | 'place'>;

function manyEvents(): NewEvent[] {
  return Array.from({ length: 20 }, (_, index) => {
    const time = JSON.stringify(`2025-04-0${1 + (index % 7)}T10:00:00Z`);
    const case_status = JSON.stringify(index % 3 === 0 ? 'ACTIVE' : 'UNDER_MANUAL_REVIEW');
    return { id: 6 + index, fields: { created_at: time, case_status }, place: 'last' };
  });
}

function putEvent({ events }: ListedCase, { id, fields, place }: NewEvent): void {
  const index = events.findIndex((event) => event.id === id);
  if (index !== -1) events[index] = { id, fields };
  else if (place === 'first') events.unshift({ id, fields });
  else events.push({ id, fields });
}

function documentOf(text: string): JsonObject {
  const document = parseForComparison(text);
  if (!isObject(document)) throw new Error('an item is an object');
  return document;
}

/** The items that the API answers to the request of a run. */
export function itemsFor(
  lists: Lists,
  { sync, filter, contracts }: Pick<Run, 'sync' | 'filter' | 'contracts'>,
): Item[] {
  const names = [...lists.keys()].filter((name) => accountOf(name) === sync && !(filter && Number(name[1]) % 2 === 0));
  return names.toSorted().flatMap((name) => {
    const listed = lists.get(name);
    return listed === undefined ? [] : itemsOf(listed, { caseId: caseIdOf(name), contracts });
  });
}

export const accountOf = (name: CaseName): AccountLetter => (name.startsWith('P') ? 'P' : 'T');

function itemsOf(listed: ListedCase, { caseId, contracts }: { caseId: string; contracts: boolean }): Item[] {
  const id = JSON.stringify(listed.isUpperCase ? caseId.toUpperCase() : caseId);
  const write = (members: [string, string][]) => objectText(listed.isReversed ? members.toReversed() : members);
  const events = listed.events.map((event) =>
    write([['id', String(event.id)], ...Object.entries(event.fields).filter(([name]) => contracts || name !== 'case')]),
  );
  const textWith = (some: string[], fields: [string, string][] = []) =>
    write([['id', id], ['events', `[${some.join(',')}]`], ...new Map([...listed.fields, ...fields])]);
  const readable = (text: string): Item => ({ text, caseId, document: documentOf(text) });
  const item = readable(textWith(events));
  const [first = '{"id":1}'] = events;
  switch (listed.as) {
    case 'vanished':
      return [];
    case 'without id':
      return [{ text: write([...listed.fields, ['events', `[${events.join(',')}]`]]), caseId: null, document: null }];
    case 'without events':
      return [{ text: write([['id', id], ...listed.fields]), caseId, document: null }];
    case 'two events':
      return [{ text: textWith([first, ...events.slice(1), withOtherContent(first)]), caseId, document: null }];
    case 'equal events':
      return [readable(textWith([first, ...events.slice(1), first]))];
    case 'two items':
      return [item, readable(textWith(events, [['other', 'true']]))];
    case 'equal items':
      return [item, readable(item.text.replace('{', '{ '))];
    case 'listed':
      return [item];
  }
}

const objectText = (members: [string, string][]) => `{${members.map(([name, text]) => `"${name}":${text}`).join(',')}}`;
const withOtherContent = (object: string) => `${object.slice(0, -1)},"other":true}`;
