import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { wholeItem, withValue, wrongFields } from '../support/documented-fields.ts';
import { documentedPart } from '../support/reference/documented-part.ts';
import { ACCOUNT, createRig, documentsOf, rowVersions } from '../support/rig.ts';

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Every kind of place that can hold undocumented data: by name of the place, a document that has the secret there. */
function withUndocumented(secret: string, number: number): Record<string, unknown> {
  const item = wholeItem(idOf(number));
  const [event] = item.events as Record<string, unknown>[];
  const kinds = [
    secret,
    { name: secret },
    [secret],
    [{ deep: [{ er: secret }] }],
    { [secret]: true },
    { a: { b: { c: { d: [null, secret] } } } },
    Number(String(number).padStart(11, '9')),
  ];
  const places: Record<string, unknown>[] = [item, ...(event ? [event] : [])];
  for (const name of ['case_for', 'case_request']) places.push(item[name] as Record<string, unknown>);
  places.push((item.payment_options as Record<string, unknown>[])[0] ?? {}, event?.created as Record<string, unknown>);
  for (const [at, place] of places.entries())
    for (const [index, kind] of kinds.entries()) place[`${secret} ${at} ${index}`] = kind;
  item.case_request = { ...(item.case_request as object), details: { person: secret, [secret]: 1 } };
  if (event) {
    event.case = { owners: [{ name: secret }], [secret]: { id: secret } };
    event.created = { ...(event.created as object), contract_url: `https://sign.example/${secret}` };
    event.error = `KYC_TIMEOUT: no answer for ${secret}`;
  }
  return item;
}

/** The number of rows, of all tables and their columns, that have the text. */
async function findEverywhere(database: Database, text: string): Promise<string[]> {
  const tables = await database.$queryRaw<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'cdd'`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await database.$queryRawUnsafe<object[]>(
      `select 1 from ${name} as r where position(lower('${text}') in lower(r::text)) > 0 limit 1`,
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe('personalData: minimal', () => {
  test('stores no undocumented field, in no table, whatever place it has', async ({ db: { database } }) => {
    const rig = await createRig(database, { personalData: 'minimal', sandbox: { casesPerAccount: 0 } });
    const items = [1, 2, 3].map((number) => withUndocumented('Xqzwv', number));
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: 3 });
    expect(await findEverywhere(database, 'xqzwv')).toEqual([]);
    expect(await findEverywhere(database, '99999999')).toEqual([]);
    expect(await documentsOf(database)).toEqual(new Map(items.map((item) => [item.id, documentedPart(item)])));
    const [event] = await database.eventRevision.findMany({
      select: { error: true, providerCaseId: true, contractUrl: true },
    });
    expect(event).toEqual({ error: 'KYC_TIMEOUT: no answer for …', providerCaseId: 'some text', contractUrl: null });
    // Another text in an undocumented field is no change of the case.
    const before = await rowVersions(database);
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify([1, 2, 3].map((number) => withUndocumented('Yqzwv', number))));
    expect(await rig.sync()).toMatchObject({ cases_updated: 0, cases_unchanged: 3, events_recorded: 0 });
    const { cases: _cases, ...history } = await rowVersions(database);
    expect(before).toMatchObject(history);
    await rig.close();
  });

  test('leaves out a documented field that has another type, since it may hold anything', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { personalData: 'minimal', sandbox: { casesPerAccount: 0 } });
    const wrong = wrongFields().filter(({ value }) => JSON.stringify(value).includes('Kari Nordmann'));
    const items = wrong.map((field, index) => withValue(wholeItem(idOf(index)), field));
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: items.length });
    expect(await documentsOf(database)).toEqual(new Map(items.map((item) => [item.id, documentedPart(item)])));
    expect(items.length).toBeGreaterThan(40);
    expect(await findEverywhere(database, 'Kari Nordmann')).toEqual([]);
    await rig.close();
  });

  test('keeps ids as they came, and no text of a rejected item', async ({ db: { database } }) => {
    const rig = await createRig(database, { personalData: 'minimal', sandbox: { casesPerAccount: 0 } });
    const events = '[{"id": 9007199254740991, "x": 1}, {"id": 1.0, "created": null, "error": null}]';
    rig.sandbox.world.serve(
      ACCOUNT,
      `[{"id": "${idOf(1).toUpperCase()}", "events": ${events}, "package": null, "x": 1}, {"x": "Xqzwv"}]`,
    );
    expect(await rig.sync()).toMatchObject({ cases_created: 1, items_rejected: 1 });
    const [row] = await database.$queryRaw<{ text: string }[]>`
      select cdd.case_document(account_id, id, 'infinity')::text as text from cdd.cases`;
    expect(row?.text).toBe(
      `{"id": "${idOf(1).toUpperCase()}", "events": [{"id": 9007199254740991}, {"id": 1.0, "error": null, "created": null}], "package": null}`,
    );
    expect(await database.rejectedItem.findMany({ select: { body: true } })).toEqual([{ body: null }]);
    expect(await findEverywhere(database, 'xqzwv')).toEqual([]);
    await rig.close();
  });
});

test('with personalData: keep, documents are stored without a call of a function', async ({ db: { database } }) => {
  const plan = await database.$queryRaw<{ 'QUERY PLAN': string }[]>`
    explain verbose select cdd.kept_document(bodies, ${'keep'}) from cdd.event_bodies`;
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toMatch(/Output: bodies$/);
  expect(text).not.toContain('kept_document');
});
