import { expect } from 'vitest';
import { betweenBatches } from '../../src/store/ledger/between-batches.ts';
import { eraseCase } from '../../src/store/ledger/erase/erase-case.ts';
import { renewStatistics } from '../../src/store/ledger/statistics.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { Planter, plantedCase } from '../support/ledger/planted.ts';
import { searchEverywhere } from '../support/ledger/search-everywhere.ts';
import { verifyInTransaction } from '../support/ledger/verify-in-transaction.ts';
import { ACCOUNT, createRig, documentsOf } from '../support/rig.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const OTHER_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052b';
const PATHS = {
  name: '$.case_for.payout_destination_name',
  package: '$.package',
  error: '$.events[1].error',
  kyc: '$.events[1].case.keyvalue().key',
};

test('personal data of a case is in no column of any table after an erasure, nor after later runs', async ({
  db: { url, database },
}) => {
  await applyReportSettings(database, { timezone: 'UTC', statusTargets: {}, reports: { facts: PATHS } });
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const sync = async (...items: unknown[]) => {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    return rig.sync();
  };
  const planter = new Planter(0);
  const version = (status: string, day: number, isOdd = false) =>
    plantedCase(planter, { id: ID, status, time: `2026-02-0${day}T10:00:00Z`, isOdd });
  const other = { id: OTHER_ID, case_for: { payout_destination_name: 'Kari Wxyzen' }, events: [] };
  await sync(version('WAITING_FOR_DECLARATION', 1), other);
  await sync(version('WAITING_FOR_SIGNATURE', 2, true), other);
  await sync(other);
  await sync(version('UNDER_MANUAL_REVIEW', 3), other);
  // Items that are rejected: an event twice with other content, and one without an id that tells of the case.
  const current = version('ACTIVE', 4);
  const twice = { ...version('ACTIVE', 4), note: planter.plant('name') };
  twice.events.push({ id: 1, error: planter.plant('name') });
  const nameless = { about: { case: ID.toUpperCase() }, person: planter.plant('name') };
  const unnamed = { id: 7, about: current.case_for, person: planter.plant('name') };
  const unhyphened = { id: ID.replaceAll('-', ''), person: planter.plant('name') };
  expect(await sync(twice, nameless, unnamed, unhyphened, other)).toMatchObject({ items_rejected: 4 });
  await sync(current, other);
  expect(planter.markers.length).toBeGreaterThan(200);
  const { markers } = planter;
  await renewStatistics(database);
  const before = await searchEverywhere(url, markers);
  expect(before.map(({ place }) => place)).toContain('pg_catalog.pg_statistic.stavalues1');
  expect(new Set(before.map(({ marker }) => marker)).size).toBe(markers.length);

  const receipt = await betweenBatches(database, ACCOUNT, (tx) =>
    eraseCase(tx, { accountId: ACCOUNT, caseId: ID, reason: null, isBeforeTime: false, keptUntil: null, by: 'kari' }),
  );
  await renewStatistics(database);
  expect(await searchEverywhere(url, markers)).toEqual([]);
  expect(receipt.kinds).toMatchObject({
    rejected_items: 4,
    names: 8,
    organization_numbers: 4,
    error_texts: expect.any(Number),
  });
  const erased = (await documentsOf(database)).get(ID);
  expect(erased).toMatchObject({ id: ID, package: 'standard', products: ['checkout'], erased_at: expect.any(String) });

  await sync(current, other);
  expect(await sync({ ...current, owners: [planter.plant('name')] }, other)).toMatchObject({ cases_updated: 0 });
  expect(await sync(version('ACTIVE', 4), other)).toMatchObject({ cases_updated: 0 });
  expect(await sync(version('DECLINED', 5, false), other)).toMatchObject({ cases_updated: 1, transitions_recorded: 1 });
  await sync(version('DECLINED', 5, true), other);
  await sync(other);
  const rejected = [twice, nameless, unhyphened].map((item) => ({ ...item, note: planter.plant('name') }));
  await sync(...rejected, other);
  await sync(version('ARCHIVED', 6), other);
  expect(await searchEverywhere(url, markers)).toEqual([]);
  expect(await searchEverywhere(url, ['Wxyzen'])).not.toEqual([]);
  const [verified] = await withAdmin(url, async (client) => {
    await client.query('begin');
    return verifyInTransaction(client);
  });
  expect(verified).toMatchObject({ findings: { total: 0 }, receipts: { erased: 1 } });
  await rig.close();
});

test('a rejected item loses its text if it has a name, number or reference that the case ever had, however it is written', async ({
  db: { database },
}) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const sync = (...items: string[]) => {
    rig.sandbox.world.serve(ACCOUNT, `[${items.join(',')}]`);
    return rig.sync();
  };
  const version = (name: string) =>
    JSON.stringify({
      id: ID,
      case_for: { payout_destination_name: name, payout_reference: 'Ref-"7"/Bjørk' },
      case_request: { organizationNumber: '987 654 321' },
      events: [],
    });
  const other = version('Bjørnar Zqq').replace(ID, OTHER_ID);
  await sync(version('Bjørn Åsheim & Sønn'), other);
  const about = [
    '{"n":"Bjørn Åsheim & Sønn"}',
    '{"n":"Bj\\u00f8rn \\u00C5sheim \\u0026 S\\u00f8nn"}',
    '{"n":"BJØRN  ÅSHEIM & SØNN"}',
    `{"n":"${'Bjørn Åsheim & Sønn'.normalize('NFD')}"}`,
    '{"n":"Bjorn Asheim & Sonn"}',
    '{"n":"Kåre Nyværk"}',
    '{"n":"Kare Nyvaerk","odd":"\\ud800 \\u0000"}',
    '{"org":"987.654.321"}',
    '{"org":987654321}',
    '{"ref":"ref \\"7\\" Bjørk"}',
  ];
  const notAbout = ['{"n":"Bjørn Å & Sønn"}', '{"org":"987654320"}'];
  expect(await sync(version('Kåre Nyværk'), other, ...about, ...notAbout)).toMatchObject({ items_rejected: 12 });
  const receipt = await betweenBatches(database, ACCOUNT, (tx) =>
    eraseCase(tx, { accountId: ACCOUNT, caseId: ID, reason: null, isBeforeTime: false, keptUntil: null, by: 'kari' }),
  );
  const left = await database.rejectedItem.findMany({ where: { body: { not: null } } });
  expect(left.map(({ body }) => body).toSorted()).toEqual(notAbout.toSorted());
  expect(receipt.kinds).toMatchObject({ rejected_items: 10 });
  await rig.close();
});
