import { isUtf8 } from 'node:buffer';
import { describe, expect } from 'vitest';
import { parseExactly } from '../../src/dintero/cases/exact-json.ts';
import { isJsonObject } from '../../src/dintero/cases/json-value.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { endsAsItem, endsInField, jsonValue, type SuiteFile, suiteFiles, unstorable } from '../support/json-suite.ts';
import { ACCOUNT, createRig, documentsOf, missingCount, rowVersions } from '../support/rig.ts';

/** An item with a file of the suite. `reason` is null if it can be saved; `caseId` is null if it has no id to read. */
type SuiteItem = { name: string; text: Buffer; ends: boolean; caseId: string | null; reason: string | null };

const idOf = (kind: number, number: number) => `${kind}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const joined = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
const goodItem = (number: number) => Buffer.from(`{"id":"${idOf(9, number)}","events":[]}`);
const listOf = (items: Buffer[]) => joined('[', ...items.flatMap((text, n) => (n === 0 ? [text] : [',', text])), ']');

/** Every file as an item, in a field of an item, and in an event. */
const suiteItems = suiteFiles.flatMap((file, number): SuiteItem[] => {
  const { name, bytes } = file;
  const [fieldId, eventId] = [idOf(1, number), idOf(2, number)];
  const inField = joined(`{"id":"${fieldId}","events":[],"more":`, bytes, '}');
  const inEvent = joined('{"events":[{"case":', bytes, `,"id":1}],"id":"${eventId}"}`);
  return [
    { name, text: bytes, ends: endsAsItem(bytes), caseId: null, reason: reasonAsItem(bytes) },
    { name, text: inField, ends: endsInField(bytes), ...outcomeInside(file, inField, fieldId) },
    { name, text: inEvent, ends: endsInField(bytes), ...outcomeInside(file, inEvent, eventId) },
  ];
});

const readable = suiteItems.filter(({ ends }) => ends);
const accepted = readable.filter(({ reason }) => reason === null);
const rejected = readable.filter(({ reason }) => reason !== null);

/** No file is a case. */
function reasonAsItem(bytes: Buffer): string {
  const found = jsonValue(bytes);
  if (found === null) return notJson(bytes);
  const { value } = found;
  if (Array.isArray(value)) return 'expected an object, found an array';
  if (value === null) return 'expected an object, found null';
  if (typeof value !== 'object') return `expected an object, found a ${typeof value}`;
  return `expected a uuid, found ${'id' in value ? 'a string' : 'nothing'}`;
}

function outcomeInside(file: SuiteFile, text: Buffer, id: string): Pick<SuiteItem, 'caseId' | 'reason'> {
  if (jsonValue(text) !== null) return { caseId: id, reason: unstorable(file) };
  // The id can be read if the item is JSON but for bytes that are not UTF-8.
  return { caseId: jsonValue(Buffer.from(text.toString())) === null ? null : id, reason: notJson(text) };
}

function notJson(bytes: Buffer): string {
  return isUtf8(bytes) ? 'not JSON' : 'not JSON: it is not text in UTF-8';
}

/** The text as it is kept of a rejected item: without the space around it, and as Postgres can store it. */
function bodyOf(text: Buffer): string {
  return text
    .toString()
    .replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
    .replaceAll('\0', '\ufffd');
}

async function savedDocuments(database: Database): Promise<Map<string, string>> {
  const rows = await database.$queryRaw<{ id: string; text: string }[]>`
    select id::text, cdd.case_document(account_id, id)::text as text from cdd.cases`;
  return new Map(rows.map(({ id, text }) => [id, text]));
}

async function rejections(database: Database): Promise<string[]> {
  const rows = await database.rejectedItem.findMany({ where: { resolvedAt: null } });
  return rows.map(({ caseId, reason, body }) => told(caseId, reason.replace(/ at character \d+$/, ''), body ?? ''));
}

const told = (caseId: string | null, reason: string, body: string) => `${caseId ?? '-'} | ${reason} | ${body}`;

describe('JSONTestSuite in a list', () => {
  test('is saved as equal JSON or rejected item by item, with all items around it, and once', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    const items = [goodItem(0), ...readable.flatMap(({ text }, number) => [text, goodItem(number + 1)])];
    rig.sandbox.world.serve(ACCOUNT, listOf(items));
    const counts = { state: 'partial', complete: true, items_rejected: rejected.length };
    const created = accepted.length + readable.length + 1;
    expect(await rig.sync()).toMatchObject({ ...counts, error_code: 'UNREADABLE_ITEM', cases_created: created });
    const documents = await savedDocuments(database);
    expect(documents.size).toBe(created);
    for (const { name, text, caseId } of accepted) {
      expect(parseExactly(documents.get(caseId ?? '') ?? ''), name).toEqual(parseExactly(text.toString()));
    }
    const expected = new Set(rejected.map(({ text, caseId, reason }) => told(caseId, reason ?? '', bodyOf(text))));
    expect(new Set(await rejections(database))).toEqual(expected);
    const { rejected_items: _seenAgain, ...before } = await rowVersions(database);
    rig.sandbox.world.serve(ACCOUNT, listOf(items.toReversed()));
    expect(await rig.sync()).toMatchObject({ ...counts, cases_unchanged: created, cases_updated: 0 });
    expect(await rowVersions(database)).toMatchObject(before);
    await rig.close();
  });

  test('fails the run where the end of an item cannot be found, after the items before it', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    // An event ends, or does not, like a field.
    const lost = suiteItems.filter(({ ends, text }) => !ends && !text.includes('"events":[{'));
    for (const [number, { name, text }] of lost.entries()) {
      rig.sandbox.world.serve(ACCOUNT, listOf([goodItem(number), text, goodItem(lost.length)]));
      const { error_code: code, ...run } = await rig.sync();
      expect(run, name).toMatchObject({ state: 'failed', complete: false, cases_missing: 0 });
      expect(code, name).toMatch(/^(?:NOT_JSON|TRUNCATED)$/);
    }
    const ids = [...(await savedDocuments(database)).keys()];
    expect(ids.filter((id) => id.startsWith('9'))).toHaveLength(lost.length);
    expect(await missingCount(database)).toBe(0);
    await rig.close();
  });

  test('is dropped where personal data should stand, and its case is saved once', async ({ db: { database } }) => {
    const rig = await createRig(database, { personalData: 'drop', sandbox: { casesPerAccount: 0 } });
    const values = suiteFiles.flatMap((file) => (unstorable(file) === null ? (jsonValue(file.bytes) ?? []) : []));
    const items = values.flatMap(({ value }, number) => [
      { id: idOf(1, number), case_request: value, events: [{ id: 1, case: value, created: value }] },
      { id: idOf(2, number), case_request: { details: value }, events: [{ id: 1, created: { contract_url: value } }] },
    ]);
    for (const list of [items, items.toReversed()]) {
      rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
      expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_seen: items.length, cases_updated: 0 });
    }
    const documents = await documentsOf(database);
    const sent: typeof values = JSON.parse(JSON.stringify(values));
    for (const [number, { value }] of sent.entries()) {
      // Other fields of an object are kept, and null has no data.
      const kept = value === null || isJsonObject(value);
      const whole = { ...(kept && { case_request: value }), events: [{ id: 1, ...(kept && { created: value }) }] };
      expect(documents.get(idOf(1, number))).toEqual({ id: idOf(1, number), ...whole });
      const emptied = { case_request: {}, events: [{ id: 1, created: {} }] };
      expect(documents.get(idOf(2, number))).toEqual({ id: idOf(2, number), ...emptied });
    }
    await rig.close();
  });
});
