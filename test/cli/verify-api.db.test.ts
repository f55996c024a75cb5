import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { betweenBatches } from '../../src/store/ledger/between-batches.ts';
import { eraseCase } from '../../src/store/ledger/erase/erase-case.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { withAdmin } from '../support/admin.ts';
import { startFixture } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import { everyRow } from '../support/every-row.ts';
import { runHere } from '../support/program.ts';
import { ROLL_UPS, readRollUps } from '../support/reporting/roll-ups.ts';
import { ACCOUNT } from '../support/rig.ts';

/** All rows. Roll-ups are computed again and taken back, which leaves traces in the rows but not in their content. */
async function stored(url: string, database: Database): Promise<unknown> {
  const rows = Object.entries(await everyRow(database));
  const isTraced = (table: string) => [...ROLL_UPS, 'roll_ups'].some((name) => table === `cdd.${name}`);
  return [rows.filter(([table]) => !isTraced(table)), await readRollUps(url)];
}

test('verify --api tells a wrong table from a change at Dintero, and writes nothing', async ({
  db: { url, database },
}) => {
  const { sandbox, options } = await startFixture(url, { casesPerAccount: 40 });
  const run = (...args: string[]) => runHere(args, options);
  const compare = async () => {
    const { code, stdout } = await run('verify', '--api', '--account', ACCOUNT, '--json');
    const [compared] = JSON.parse(stdout);
    return { code, ...compared };
  };
  const { world } = sandbox;
  const ids = world.caseIds(ACCOUNT);
  const at = (index: number) => ids[index] ?? '';
  const target = (index: number) => ({ account: ACCOUNT, case: at(index) });
  expect(await run('sync')).toMatchObject({ code: 0 });
  world.vanish(target(0));
  world.appendItem(ACCOUNT, '{"no": "id"}');
  expect(await run('sync', '--accept-missing')).toMatchObject({ code: 3 });

  const before = await stored(url, database);
  const equal = { code: 0, fits: true, differing: 0, changed_since: 0, roll_ups: 0, fingerprints_fit: true };
  expect(await compare()).toMatchObject({
    ...equal,
    listed: ids.length - 1,
    rejected: 1,
    last_run_at: expect.any(String),
  });
  expect(await stored(url, database)).toEqual(before);

  world.appendEvent(target(1), { case_status: 'DECLINED' });
  world.vanish(target(2));
  world.bringBack(target(0));
  const changed = await compare();
  expect(changed).toMatchObject({ code: 0, differing: 0, changed_since: 3 });
  const fieldsOf = (cases: { case_id: string; fields: string[] }[], index: number) =>
    cases.find(({ case_id }) => case_id === at(index))?.fields;
  expect(fieldsOf(changed.changed_since_cases, 1)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^events\[id=\d+\] \(not in the tables\)$/),
      expect.stringMatching(/^transition \d+$/),
    ]),
  );
  expect(fieldsOf(changed.changed_since_cases, 2)).toEqual(['not in the list']);
  expect(fieldsOf(changed.changed_since_cases, 0)).toEqual(['missing_since']);
  const told = await run('verify', '--api');
  expect(told.code).toBe(0);
  expect(told.stdout).toMatch(
    /3 cases changed since the last run at .*\. That is no error, the\s+next\s+run\s+reads\s+it:/,
  );
  expect(await run('sync', '--accept-missing')).toMatchObject({ code: 3 });
  expect(await compare()).toMatchObject(equal);

  const tamper = (sql: string) =>
    withAdmin(url, (client) => client.query(`set session_replication_role = replica; ${sql}`));
  await tamper(`
    update cdd.case_revisions set body = jsonb_set(body, '{case_for,payout_reference}', '"Kari"') where case_id = '${at(3)}';
    update cdd.event_bodies set bodies = jsonb_set(bodies, '{0,request_id}', '"Kari"') where case_id = '${at(4)}';
    delete from cdd.status_transitions where case_id = '${at(5)}' and sequence = 1;
    delete from cdd.case_revisions where case_id = '${at(6)}';
    update cdd.cases set organization_number = 'Kari', first_decided_at = '2020-01-01' where id = '${at(7)}';
    update cdd.flow_days set opened = opened + 1 where (account_id, day) in (
      select account_id, min(day) from cdd.flow_days where account_id = '${ACCOUNT}' group by account_id
    )`);
  const wrong = await compare();
  expect(wrong).toMatchObject({ code: 1, fits: false, differing: 5, changed_since: 0 });
  const fields = wrong.differing_cases;
  expect(fieldsOf(fields, 3)).toEqual(['case_for.payout_reference']);
  expect(fieldsOf(fields, 4)).toEqual([expect.stringMatching(/^events\[id=\d+\]$/)]);
  expect(fieldsOf(fields, 5)).toEqual(['transition 1']);
  expect(fieldsOf(fields, 6)).toEqual(['document']);
  expect(fieldsOf(fields, 7)).toEqual(['cases.organization_number', 'cases.first_decided_at']);
  expect(wrong.roll_up_rows).toContainEqual({ table: 'flow_days', row: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  const said = await run('verify', '--api');
  expect(said).toMatchObject({ code: 1, stdout: expect.stringContaining('The tables are wrong:') });
  expect(said.stdout).not.toContain('Kari');
  await sandbox.close();
});

test('verify --api sees no difference in what personalData does not store, nor in an erased case', async ({
  db: { url, database },
}) => {
  const { sandbox, options } = await startFixture(url, { casesPerAccount: 12 });
  const run = (...args: string[]) => runHere(args, options);
  expect(await run('sync')).toMatchObject({ code: 0 });
  await appendFile(join(options.cwd, 'cdd-sync.yaml'), '\npersonalData: minimal\n');
  expect(await run('reduce', '--yes')).toMatchObject({ code: 0 });
  const unrecognized = await run('verify', '--api');
  expect(unrecognized).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/No document has the fingerprint of the\s+last run/),
  });
  expect(await run('sync')).toMatchObject({ code: 0 });
  const [id = ''] = sandbox.world.caseIds(ACCOUNT);
  await betweenBatches(database, ACCOUNT, (tx) =>
    eraseCase(tx, { accountId: ACCOUNT, caseId: id, reason: 'asked', isBeforeTime: true, keptUntil: null, by: 'kari' }),
  );
  const compared = await run('verify', '--api', '--json');
  expect(compared.code).toBe(0);
  for (const row of JSON.parse(compared.stdout))
    expect(row).toMatchObject({ fits: true, differing: 0, changed_since: 0, fingerprints_fit: true });

  // A list that ends early is no list whose other cases are gone.
  sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, times: 9, fault: { kind: 'status', status: 404 } });
  const unread = await run('verify', '--api', '--account', ACCOUNT, '--json');
  expect(unread.code).toBe(1);
  expect(JSON.parse(unread.stdout)).toEqual([
    expect.objectContaining({ fits: false, changed_since: 0, error: expect.stringContaining('answered 404') }),
  ]);
  sandbox.faults.clear();
  const filtered = (await readFile(join(options.cwd, 'cdd-sync.yaml'), 'utf8')).replace(
    `  - id: ${ACCOUNT}`,
    `  - id: ${ACCOUNT}\n    filters: { caseStatus: [DECLINED] }`,
  );
  await writeFile(join(options.cwd, 'cdd-sync.yaml'), filtered);
  const part = JSON.parse((await run('verify', '--api', '--account', ACCOUNT, '--json')).stdout);
  expect(part).toEqual([expect.objectContaining({ fits: true, filtered: true, changed_since: 0 })]);
  expect(part[0].listed).toBeLessThan(12);
  await sandbox.close();
});
