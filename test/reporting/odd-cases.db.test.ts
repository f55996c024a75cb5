import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { rollUp } from '../../src/store/reports/after-run.ts';
import { failedReports } from '../../src/store/reports/failures.ts';
import { test } from '../support/database.ts';
import { readRollUps } from '../support/reporting/roll-ups.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

/** Text of 512 CJK characters, 1,536 bytes, in which nothing repeats that Postgres could compress. */
const longStatus = (seed: number) =>
  Array.from({ length: 512 }, (_, i) =>
    String.fromCodePoint(0x4e00 + ((i * 7919 + seed * 104729 + i * i) % 20000)),
  ).join('');

/** Stores a case with these statuses as version 0.1.0 did, which accepted statuses of up to 512 characters. */
async function storeStatuses(database: Database, id: string, statuses: string[]): Promise<void> {
  await database.$executeRaw`
    insert into cdd.case_statuses (status, stage, known)
    select status, 'unknown', false from unnest(${statuses}::text[]) as long_status (status)`;
  await database.$executeRaw`
    update cdd.status_transitions set superseded_at = recorded_at
    where account_id = ${ACCOUNT} and case_id = ${id}::uuid and superseded_at is null`;
  await database.$executeRaw`
    insert into cdd.status_transitions (
      account_id, case_id, sequence, from_status, from_since, to_status, occurred_at, occurred_at_source, event_id,
      recorded_at, run_id
    )
    select
      ${ACCOUNT}, ${id}::uuid, place, (${statuses}::text[])[place - 1],
      case when place > 1 then now() - interval '40 days' + (place - 1) * interval '1 hour' end,
      status, now() - interval '40 days' + place * interval '1 hour', 'event', place, now(), gen_random_uuid()
    from unnest(${statuses}::text[]) with ordinality as long_status (status, place)`;
  await database.$executeRaw`
    update cdd.cases
    set status = ${statuses.at(-1)}, status_since = now() - interval '40 days' + ${statuses.length} * interval '1 hour'
    where account_id = ${ACCOUNT} and id = ${id}::uuid`;
}

describe('the reports of an account', () => {
  test('are updated although one case has statuses that no index can hold as a pair', async ({
    db: { database, url },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 20 } });
    await rig.sync();
    const [id = '', other = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    const statuses = [1, 2, 3].map(longStatus);
    await storeStatuses(database, id, statuses);
    rig.sandbox.world.appendEvent({ account: ACCOUNT, case: other }, { case_status: 'TERMINATED' });
    await rig.sync();
    expect(await failedReports(database)).toEqual([]);
    expect(await database.reportChange.count()).toBe(0);
    const pairs = await database.$queryRaw<{ from_status: string; to_status: string }[]>`
      select from_status, to_status from reporting.transition_matrix where to_status = any(${statuses}::text[]) order by 1`;
    expect(pairs).toHaveLength(3);
    const before = await readRollUps(url);
    await database.$queryRaw`select cdd.rebuild_roll_ups(${ACCOUNT})::text`;
    expect(await readRollUps(url)).toEqual(before);
    await rig.close();
  });

  test.for<[string, (document: Record<string, unknown>) => void]>([
    [
      'times at both ends of the calendar',
      (document) => setTimes(document, ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z']),
    ],
    ['times before those of the case', (document) => setTimes(document, ['1582-10-10T00:00:00+14:00'])],
    ['a name, a country, a product and a package of 200,000 characters', setLongTexts],
    [
      'an empty status, a blank one and one that looks like a pair',
      (document) => setStatuses(document, ['', ' ', 'ACTIVE > DECLINED', '']),
    ],
    [
      '3,000 transitions at one instant',
      (document) =>
        setStatuses(
          document,
          Array.from({ length: 3000 }, (_, i) => (i % 2 ? 'ACTIVE' : 'DECLINED')),
        ),
    ],
    ['3,000 transitions in as many months, from the year 1', setMonths],
    [
      '1,000 statuses of its own',
      (document) =>
        setStatuses(
          document,
          Array.from({ length: 1000 }, (_, i) => `OWN_${i}`),
        ),
    ],
  ])('are updated although one case has %s', async ([, change], { db: { database, url } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 20 } });
    await rig.sync();
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    rig.sandbox.world.edit({ account: ACCOUNT, case: id }, change);
    expect(await rig.sync()).toMatchObject({ cases_updated: 1, items_rejected: 0 });
    expect(await failedReports(database)).toEqual([]);
    await rollUp(database, ACCOUNT);
    expect(await database.reportChange.count()).toBe(0);
    const before = await readRollUps(url);
    await database.$queryRaw`select cdd.rebuild_roll_ups(${ACCOUNT})::text`;
    expect(await readRollUps(url)).toEqual(before);
    await rig.close();
  });

  test('are updated in time that does not grow with the square of the statuses of one case', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 2 } });
    await rig.sync();
    const [id = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    const timeOf = async (length: number) => {
      const statuses = Array.from({ length }, (_, i) => `OWN_${i}`);
      rig.sandbox.world.edit({ account: ACCOUNT, case: id }, (document) => setStatuses(document, statuses));
      await rig.sync();
      return duration(async () => {
        await database.$queryRaw`select cdd.rebuild_roll_ups(${ACCOUNT})::text`;
        // Again, beside the rows that the month has now.
        await database.$executeRaw`insert into cdd.report_changes (account_id, month) values (${ACCOUNT}, '2026-03-01')`;
        await rollUp(database, ACCOUNT);
      });
    };
    const short = await timeOf(1_000);
    expect(await timeOf(10_000)).toBeLessThan(25 * short);
    await rig.close();
  });
});

async function duration(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

type Document = Record<string, unknown>;

function setTimes(document: Document, times: string[]): void {
  setStatuses(
    document,
    times.map((_, i) => ['WAITING_FOR_DETAILS', 'ACTIVE'][i % 2] ?? ''),
  );
  const events = document.events as Document[];
  for (const [i, time] of times.entries()) Object.assign(events[i] ?? {}, { created_at: time });
  Object.assign(document, { created_at: times[0], updated_at: times.at(-1), deleted_at: times.at(-1) });
}

function setStatuses(document: Document, statuses: string[]): void {
  document.events = statuses.map((case_status, i) => ({ id: i + 1, case_status, created_at: '2026-03-29T01:30:00Z' }));
}

function setLongTexts(document: Document): void {
  const text = Array.from({ length: 200_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * i) % 20000))).join('');
  document.package = text;
  document.products = [text];
  document.case_for = { payout_destination_name: text, payout_destination_id: text };
  document.case_request = { countryCode: text, organizationNumber: text, referenceId: text };
}

function setMonths(document: Document): void {
  setStatuses(
    document,
    Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? 'DECLINED' : 'ACTIVE')),
  );
  const events = document.events as Document[];
  for (const [i, event] of events.entries()) {
    const year = String(1 + Math.floor(i / 6)).padStart(4, '0');
    event.created_at = `${year}-${String(1 + (i % 6) * 2).padStart(2, '0')}-05T00:00:00Z`;
  }
}
