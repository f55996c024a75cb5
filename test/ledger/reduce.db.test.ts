import { describe, expect } from 'vitest';
import { verifyAccounts } from '../../src/ledger/verify/verify.ts';
import { holdCase, releaseCase } from '../../src/store/ledger/hold/holds.ts';
import { type ReducedAccount, reduceAccount } from '../../src/store/ledger/reduce/reduce-account.ts';
import type { ReducingSetting } from '../../src/store/ledger/reduce/reduce-cases.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { everyRow } from '../support/every-row.ts';
import { searchEverywhere } from '../support/ledger/search-everywhere.ts';
import { documentedPart } from '../support/reference/documented-part.ts';
import { withoutPersonalData } from '../support/reference/without-personal-data.ts';
import { ACCOUNT, createRig, documentsOf, listedDocuments, type Rig } from '../support/rig.ts';
import { idOf, withUndocumented } from '../support/undocumented.ts';

const SECRET = 'Xqzwv';
const FACTS = { package: '$.package', owner: '$.events[last].case.owners[0].name', note: '$.more' };

const reduce = (database: Database, personalData: ReducingSetting, isDryRun = false): Promise<ReducedAccount> =>
  reduceAccount(database, {
    accountId: ACCOUNT,
    personalData,
    by: 'kari',
    isDryRun,
    signal: new AbortController().signal,
    onProgress: () => {},
  });

/** Four cases with all kinds of undocumented data: one changed twice, one with wrong types, one missing, one rejected later. */
async function fillHistory(database: Database): Promise<{ rig: Rig; items: Record<string, unknown>[] }> {
  await applyReportSettings(database, { timezone: 'UTC', statusTargets: {}, reports: { facts: FACTS } });
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 }, missingGuard: { ratio: 1, atLeast: 9 } });
  const serve = (items: unknown[]) => rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
  const [changed, odd, missing, steady] = [1, 2, 3, 4].map((number) => ({
    ...withUndocumented(SECRET, number),
    more: SECRET,
  }));
  if (!changed || !odd || !missing || !steady) throw new Error('a case is missing');
  Object.assign(odd, { package: { name: SECRET }, created_at: SECRET });
  serve([changed, odd, missing, steady]);
  await rig.sync();
  const later = { ...changed, package: 'other', more: `${SECRET} again` };
  serve([later, odd, steady]);
  await rig.sync();
  serve([later, odd, { ...steady, events: [{ id: 1 }, { id: 1, x: SECRET }] }, { of: SECRET }]);
  await rig.sync();
  serve([later, odd, steady]);
  await rig.sync();
  return { rig, items: [later, odd, steady] };
}

/** Every view of schema reporting without what is said of the moment, and what tells when a case was changed here. */
async function reportsOf(database: Database): Promise<Record<string, unknown>> {
  const views = [
    'cases',
    'case_changes',
    'case_timeline',
    'case_problems',
    'decisions',
    'flow_daily',
    'backlog_daily',
    'status_history',
    'retention',
  ];
  const reports: Record<string, unknown> = {};
  for (const view of views) {
    const rows = await database.$queryRawUnsafe<{ row: unknown }[]>(
      `select to_jsonb(view_row) - '{changed_at,payment_options,last_error,facts}'::text[] as row
       from reporting.${view} as view_row
       -- Its receipt is in the timeline of the case.
       where ${view === 'case_timeline' ? "kind <> 'erased'" : 'true'}
       order by 1`,
    );
    // An error that is shown loses the name in it.
    reports[view] = JSON.parse(JSON.stringify(rows.map(({ row }) => row)).replaceAll(SECRET, '…'));
  }
  return reports;
}

async function expectToFit(database: Database): Promise<void> {
  const signal = new AbortController().signal;
  const asked = { accountIds: [], published: [], most: 5, signal, onProgress: () => {} };
  for (const { findings } of await verifyAccounts(database, asked)) expect(findings.kept).toEqual([]);
}

describe.for([
  ['minimal', documentedPart],
  ['drop', withoutPersonalData],
] as const)('what was stored before, reduced to %s,', ([setting, part]) => {
  test('is what a load with that setting would have stored, and nothing is recorded anew', async ({
    db: { url, database },
  }) => {
    const { rig, items } = await fillHistory(database);
    expect(await searchEverywhere(url, [SECRET])).not.toEqual([]);
    const reports = await reportsOf(database);
    const untouched = await everyRow(database);
    expect(await reduce(database, setting, true)).toEqual({
      accountId: ACCOUNT,
      cases: 4,
      reduced: 4,
      held: 0,
      items: 1,
    });
    expect(await everyRow(database)).toEqual(untouched);

    expect(await reduce(database, setting)).toEqual({ accountId: ACCOUNT, cases: 4, reduced: 4, held: 0, items: 1 });
    const found = await searchEverywhere(url, [SECRET]);
    if (setting === 'minimal') expect(found).toEqual([]);
    expect(found.filter(({ place }) => /rejected_items|contract_url/.test(place))).toEqual([]);
    expect(await documentsOf(database)).toEqual(new Map(items.map((item) => [item.id, part(item)])));
    expect(await reportsOf(database)).toEqual(reports);
    expect(await database.erasure.findMany({ select: { kind: true, erasedBy: true } })).toEqual(
      Array.from({ length: 4 }, () => ({ kind: 'reduced', erasedBy: 'kari' })),
    );
    await expectToFit(database);

    const before = await everyRow(database);
    expect(await reduce(database, setting)).toEqual({ accountId: ACCOUNT, cases: 4, reduced: 0, held: 0, items: 0 });
    expect(await everyRow(database)).toEqual(before);

    const later = await createRig(database, { personalData: setting, sandbox: { casesPerAccount: 0 } });
    later.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await later.sync()).toMatchObject({
      state: 'succeeded',
      cases_updated: 0,
      events_recorded: 0,
      transitions_recorded: 0,
    });
    expect(await reportsOf(database)).toEqual(reports);
    later.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await later.sync()).toMatchObject({ cases_updated: 0, cases_unchanged: 3 });
    await rig.close();
    await later.close();
  });
});

test('cases are reduced while a run saves them, and both come to their end', async ({ db: { database } }) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 60 } });
  await rig.sync();
  const reducing = await createRig(database, { personalData: 'minimal', sandbox: { casesPerAccount: 60 } });
  const [row, reduced] = await Promise.all([reducing.sync(), reduce(database, 'minimal')]);
  expect(row.state).toBe('succeeded');
  expect(reduced.cases).toBe(60);
  expect(await reduce(database, 'minimal', true)).toMatchObject({ reduced: 0 });
  expect(await reducing.sync()).toMatchObject({ state: 'succeeded', cases_updated: 0 });
  for (const [id, document] of await documentsOf(database))
    expect(document).toEqual(documentedPart(Object(listedDocuments(reducing.sandbox).get(id))));
  await expectToFit(database);
  await rig.close();
  await reducing.close();
});

test('a case under legal hold stays whole, and is reduced after its release', async ({ db: { url, database } }) => {
  const { rig } = await fillHistory(database);
  const by = { reason: 'request', by: 'kari' };
  const caseId = idOf(4);
  await holdCase(database, { accountId: ACCOUNT, caseId, ...by });
  const before = (await documentsOf(database)).get(caseId);
  expect(await reduce(database, 'minimal')).toMatchObject({ cases: 3, reduced: 3, held: 1, items: 1 });
  expect((await documentsOf(database)).get(caseId)).toEqual(before);
  expect(await database.rejectedItem.count({ where: { caseId, body: { not: null } } })).toBe(1);
  await releaseCase(database, { accountId: ACCOUNT, caseId, ...by });
  expect(await reduce(database, 'minimal')).toMatchObject({ cases: 4, reduced: 1, held: 0, items: 0 });
  expect(await searchEverywhere(url, [SECRET])).toEqual([]);
  await rig.close();
});

test('after a change back to keep, the next run stores the present documents whole again', async ({
  db: { database },
}) => {
  const { rig, items } = await fillHistory(database);
  await reduce(database, 'minimal');
  expect(await rig.sync()).toMatchObject({ not_modified: false, cases_updated: 3 });
  expect(await documentsOf(database)).toEqual(new Map(items.map((item) => [item.id, item])));
  await rig.close();
});
