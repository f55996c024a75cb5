import { describe, expect } from 'vitest';
import { test } from '../support/database.ts';
import { wholeItem, withValue, wrongFields } from '../support/documented-fields.ts';
import { searchEverywhere } from '../support/ledger/search-everywhere.ts';
import { documentedPart } from '../support/reference/documented-part.ts';
import { ACCOUNT, createRig, documentsOf, rowVersions } from '../support/rig.ts';
import { idOf, withUndocumented } from '../support/undocumented.ts';

describe('personalData: minimal', () => {
  test('stores no undocumented field, in no table, whatever place it has', async ({ db: { url, database } }) => {
    const rig = await createRig(database, { personalData: 'minimal', sandbox: { casesPerAccount: 0 } });
    const items = [1, 2, 3].map((number) => withUndocumented('Xqzwv', number));
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: 3 });
    expect(await searchEverywhere(url, ['Xqzwv'])).toEqual([]);
    expect(await searchEverywhere(url, ['99999999'])).toEqual([]);
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
    db: { url, database },
  }) => {
    const rig = await createRig(database, { personalData: 'minimal', sandbox: { casesPerAccount: 0 } });
    const wrong = wrongFields().filter(({ value }) => JSON.stringify(value).includes('Kari Nordmann'));
    const items = wrong.map((field, index) => withValue(wholeItem(idOf(index)), field));
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await rig.sync()).toMatchObject({ state: 'succeeded', cases_created: items.length });
    expect(await documentsOf(database)).toEqual(new Map(items.map((item) => [item.id, documentedPart(item)])));
    expect(items.length).toBeGreaterThan(40);
    expect(await searchEverywhere(url, ['Kari Nordmann'])).toEqual([]);
    await rig.close();
  });

  test('keeps ids as they came, and no text of a rejected item', async ({ db: { url, database } }) => {
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
    expect(await searchEverywhere(url, ['Xqzwv'])).toEqual([]);
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
