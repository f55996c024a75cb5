// A second computation of the facts that a run must leave in the tables, from the items of the list alone.
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { type CaseDocument, readCaseDocument } from '../reference/case-document.ts';
import { documentedPart } from '../reference/documented-part.ts';
import { withoutPersonalData } from '../reference/without-personal-data.ts';
import type { Run } from './history.ts';
import type { Item } from './lists.ts';

type StoredCase = {
  /** As it is stored. */
  document: JsonObject;
  /** The fields that the views show. */
  fields: CaseDocument;
  isMissing: boolean;
  /** The item that the document came with, and the settings that its fingerprint depends on. */
  source: string;
};

/** `case_id` is null if it cannot be read; `isListed` until a list without the item, or with a readable one of its case. */
type RejectedItem = { case_id: string | null; times_seen: number; isListed: boolean };

/** The facts of an account: its cases by id, and its rejected items by their source. */
export type StoredAccount = { cases: Map<string, StoredCase>; rejected: Map<string, RejectedItem> };

/** The counters of a run that do not depend on times of recording; see the comments on cdd.sync_runs. */
export type Counts = {
  cases_seen: number;
  cases_created: number;
  cases_updated: number;
  cases_unchanged: number;
  cases_returned: number;
  events_recorded: number;
  items_rejected: number;
};

export type ExpectedRun = {
  account: StoredAccount;
  counts: Counts;
  /** Ids of the stored cases whose rows the run must not touch. */
  untouched: Set<string>;
  /** Ids of the cases in the list, rejected items included. */
  listed: Set<string>;
  /** Sources of the rejected items in the list. */
  rejected: Set<string>;
  /** Number of rejected items without a readable id. */
  unreadable: number;
};

/** The facts after a run has read these items, before it is closed. */
export function readItems(
  before: StoredAccount,
  items: readonly Item[],
  { accountId, personalData }: Pick<Run, 'personalData'> & { accountId: string },
): ExpectedRun {
  const run: ExpectedRun = {
    account: { cases: new Map(before.cases), rejected: new Map(before.rejected) },
    counts: {
      cases_seen: 0,
      cases_created: 0,
      cases_updated: 0,
      cases_unchanged: 0,
      cases_returned: 0,
      events_recorded: 0,
      items_rejected: 0,
    },
    untouched: new Set(before.cases.keys()),
    listed: new Set(),
    rejected: new Set(),
    unreadable: 0,
  };
  const read = new Map<string, JsonObject>();
  for (const item of items) {
    const { caseId, document } = item;
    const source = `${personalData} ${item.text}`;
    if (caseId === null || document === null) {
      rejectItem(run, caseId, source);
      continue;
    }
    const stored = storedPart(document, personalData);
    const first = read.get(caseId);
    if (first === undefined) {
      read.set(caseId, stored);
      const fields = readCaseDocument(accountId, { ...withEventsOnce(document), id: caseId }, stored);
      readCase(run, caseId, { document: stored, fields, isMissing: false, source });
    } else if (!isDeepStrictEqual(first, stored)) rejectItem(run, caseId, source);
  }
  return run;
}

function storedPart(document: JsonObject, personalData: Run['personalData']): JsonObject {
  if (personalData === 'keep') return document;
  return personalData === 'drop' ? withoutPersonalData(document) : documentedPart(document);
}

function readCase(run: ExpectedRun, caseId: string, now: StoredCase): void {
  const { account, counts, untouched, listed } = run;
  const before = account.cases.get(caseId);
  account.cases.set(caseId, now);
  listed.add(caseId);
  counts.cases_seen += 1;
  const isSame = before !== undefined && isDeepStrictEqual(before.document, now.document);
  if (before === undefined) counts.cases_created += 1;
  else if (isSame) counts.cases_unchanged += 1;
  else counts.cases_updated += 1;
  if (before?.isMissing) counts.cases_returned += 1;
  if (before?.source !== now.source || before.isMissing) untouched.delete(caseId);
  if (before?.source !== now.source) resolveItemsOf(account, caseId);
  counts.events_recorded += newEvents(before?.document, now.document);
}

/** A rejected item whose id can be read proves that its case is still in the list. */
function rejectItem(run: ExpectedRun, caseId: string | null, source: string): void {
  const { account, counts, untouched, listed } = run;
  counts.items_rejected += 1;
  const seenBefore = account.rejected.get(source)?.times_seen ?? 0;
  const times_seen = run.rejected.has(source) ? seenBefore : seenBefore + 1;
  account.rejected.set(source, { case_id: caseId, times_seen, isListed: true });
  run.rejected.add(source);
  if (caseId === null) run.unreadable += 1;
  if (caseId === null) return;
  listed.add(caseId);
  const stored = account.cases.get(caseId);
  if (stored?.isMissing !== true) return;
  account.cases.set(caseId, { ...stored, isMissing: false });
  untouched.delete(caseId);
}

function resolveItemsOf({ rejected }: StoredAccount, caseId: string): void {
  for (const [source, item] of rejected)
    if (item.case_id === caseId) rejected.set(source, { ...item, isListed: false });
}

/** Number of events with a content that the document did not have before. */
function newEvents(before: JsonObject | undefined, now: JsonObject): number {
  const known = before === undefined ? [] : eventsOnce(before);
  return eventsOnce(now).filter((event) => !known.some((one) => isDeepStrictEqual(one, event))).length;
}

const withEventsOnce = (document: JsonObject): JsonObject => ({ ...document, events: eventsOnce(document) });

function eventsOnce({ events }: JsonObject): JsonObject[] {
  const all = Array.isArray(events) ? events.filter(isObject) : [];
  return all.filter((event, index) => all.findIndex(({ id }) => id === event.id) === index);
}
