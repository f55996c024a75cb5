import { expect } from 'vitest';
import { dueCases } from '../../src/store/ledger/erase/due-cases.ts';
import { holdCase, releaseCase } from '../../src/store/ledger/hold/holds.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { asRole } from '../support/as-role.ts';
import { testFilledBy } from '../support/database.ts';
import { runHere } from '../support/program.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'P11200001';
const [SHARED, ENDED, HERE] = [1, 2, 3].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`) as [
  string,
  string,
  string,
];
const REASON = 'request 25/1187';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const add = (account: string, id: string, status: string) => {
    const events = [{ id: 1, event: 'case_updated', case_status: status, created_at: '2016-02-29T11:00:00Z' }];
    rig.sandbox.world.appendItem(account, JSON.stringify({ id, account_id: account, events }));
  };
  add(ACCOUNT, SHARED, 'ACTIVE');
  add(OTHER, SHARED, 'ACTIVE');
  add(ACCOUNT, ENDED, 'DECLINED');
  add(ACCOUNT, HERE, 'ARCHIVED');
  for (const id of [ACCOUNT, OTHER]) await rig.sync({ account: sandboxAccount(id) });
  await rig.close();
  const retention = { cases: { years: 10, rules: [] } };
  await applyReportSettings(database, { timezone: 'Europe/Oslo', statusTargets: {}, retention });
}).extend('role', roleFixture);

test('a case is held and released once, and both are told wherever the case is, with who and why', async ({
  db: { url, database },
  role,
}) => {
  const env = { DATABASE_URL: url, SUDO_USER: 'kari', COLUMNS: '200' };
  const run = (...parts: string[]) => runHere(parts, { cwd: '/tmp', env });
  const due = async () => (await dueCases(database, ACCOUNT, 10)).map(({ caseId }) => caseId);
  expect(await due()).toEqual([ENDED, HERE]);

  const held = await run('hold', ENDED.slice(0, 8), '--account', ACCOUNT, '--reason', REASON);
  expect(held).toMatchObject({ code: 2 });
  expect(held.stderr).toContain(`${ACCOUNT}/${ENDED}`);
  const hold = await run('hold', ENDED, '--account', ACCOUNT, '--reason', `${REASON}\n\u001b[31m <b>`);
  expect(hold).toMatchObject({ code: 0, stderr: '' });
  expect(hold.stdout).toBe(
    [
      `${ACCOUNT}/${ENDED} is under legal hold: ${REASON} \\u001b[31m <b>.`,
      'Nothing of it is erased until:',
      `  cdd-sync release ${ACCOUNT}/${ENDED} --reason TEXT`,
      '',
    ].join('\n'),
  );
  expect(await due()).toEqual([HERE]);
  const again = await run('hold', `${ACCOUNT}/${ENDED}`, '--reason', 'another');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(`by kari: ${REASON}`) });
  const rows = JSON.parse((await run('hold', ENDED, '--account', ACCOUNT, '--reason', 'x', '--json')).stdout);
  expect(rows).toMatchObject([{ case_key: `${ACCOUNT}/${ENDED}`, held_by: 'kari', released_at: null }]);

  const timeline = await run('case', `${ACCOUNT}/${ENDED}`);
  expect(timeline.stdout).toContain('Legal hold');
  expect(timeline.stdout).toContain('As known now: version 1 of 1');
  expect(timeline.stdout).toContain(`${REASON} \\u001b[31m`);
  await grantReader(database, { role, accountIds: [ACCOUNT], withNames: false });
  const seen = await asRole(url, role, async (client) => {
    const { rows: found } = await client.query(`
      select hold_reason as reason, held from reporting.retention where case_id = '${ENDED}'
      union all select reason, true from reporting.legal_holds
      union all select to_value, true from reporting.case_timeline where kind = 'held'`);
    return found;
  });
  expect(seen).toEqual(Array(3).fill({ reason: null, held: true }));

  const released = await run('release', ENDED, '--account', ACCOUNT, '--reason', 'the file is closed');
  expect(released.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /^P12345678\/\S+ is not under legal hold any more; it was since .*It had to be kept until .*, so it is due to be erased\. $/,
  );
  expect(await due()).toEqual([ENDED, HERE]);
  // A case may have been opened again since the list was read.
  const dry = () => run('erase', '--account', ACCOUNT, '--due', '--dry-run');
  expect(await dry()).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('2 cases would be erased'),
  });
  // The reports call a case due of which a newer document was rejected: it is left, with a reason.
  const times = { firstSeenAt: new Date(), lastSeenAt: new Date(), fingerprint: Buffer.alloc(32) };
  const item = { accountId: ACCOUNT, caseId: HERE, path: 'events', reason: 'expected an array', ...times };
  await database.rejectedItem.create({ data: item });
  const left = await dry();
  expect(left.stdout).toContain('1 case would be erased');
  expect(left.stderr).toMatch(
    /^P12345678: 1 more case is due, and left: a newer document was rejected \(cdd-sync rejected\)/,
  );
  await database.rejectedItem.deleteMany();
  await database.$executeRaw`update cdd.accounts set last_success_at = last_success_at - interval '3 days'`;
  expect(await dry()).toMatchObject({ code: 0, stderr: expect.stringContaining(`cdd-sync sync --account ${ACCOUNT}`) });
  expect((await run('release', ENDED, '--account', ACCOUNT, '--reason', 'x')).stdout).toBe(
    `${ACCOUNT}/${ENDED} is not under legal hold; nothing was changed.\n`,
  );
  expect((await run('hold', ENDED, '--account', ACCOUNT, '--reason', 'again')).code).toBe(0);
  expect(
    await database.$queryRaw`
      select kind, to_value from reporting.case_timeline where case_id = ${ENDED}::uuid
        and kind in ('held', 'released') order by recorded_at`,
  ).toEqual([
    { kind: 'held', to_value: `${REASON} \u001b[31m <b>` },
    { kind: 'released', to_value: 'the file is closed' },
    { kind: 'held', to_value: 'again' },
  ]);
});

test('an ambiguous, unknown or erased case is not held, and the error names the command or text that is missing', async ({
  db: { url, database },
}) => {
  const run = (...parts: string[]) => runHere(parts, { cwd: '/tmp', env: { DATABASE_URL: url } });
  const wrong = async (...parts: string[]) => {
    const { code, stdout, stderr } = await run(...parts);
    expect([code, stdout]).toEqual([2, '']);
    return stderr;
  };
  expect(await wrong('hold', SHARED, '--reason', REASON)).toContain(`${OTHER}/${SHARED}`);
  expect(await wrong('hold', HERE, '--account', 'P12345687', '--reason', REASON)).toContain('did you mean P12345678?');
  expect(await wrong('hold', HERE, '--account', OTHER, '--reason', REASON)).toContain(
    `cdd-sync hold ${HERE} --account ${ACCOUNT} --reason TEXT`,
  );
  expect(await wrong('hold', `${HERE.slice(0, -1)}9`, '--account', OTHER, '--reason', REASON)).toContain('no case');
  expect(await wrong('hold', HERE, '--account', ACCOUNT, '--reason', ' \n')).toContain('--reason needs a text');
  expect(await wrong('hold', HERE, '--account', ACCOUNT, '--reason', 'x'.repeat(501))).toContain('501 characters');
  expect(await wrong('release', HERE, '--account', ACCOUNT)).toContain("'--reason <text>' not specified");
  const shared = await run('hold', SHARED, '--account', ACCOUNT, '--reason', REASON);
  expect(shared.stdout).toContain(`cdd-sync hold ${OTHER}/${SHARED} --reason TEXT`);
  const elsewhere = ['erase', '--case', `${OTHER}/${SHARED}`, '--dry-run', '--before-time', '--reason', REASON];
  expect((await run(...elsewhere)).stdout.replaceAll(/\s+/g, ' ')).toContain(
    `${ACCOUNT} has it under legal hold in its list`,
  );

  await database.$executeRaw`update cdd.cases set erased_at = now() where id = ${HERE}::uuid`;
  const erased = await run('hold', HERE, '--account', ACCOUNT, '--reason', REASON);
  expect(erased).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nothing left to hold') });
});

test('of two commands that hold or release at once, one does it', async ({ db: { database } }) => {
  const key = { accountId: OTHER, caseId: SHARED, reason: REASON, by: null };
  const held = await Promise.all([holdCase(database, key), holdCase(database, key)]);
  expect(held.map(({ kind }) => kind).sort()).toEqual(['held', 'heldAlready']);
  const released = await Promise.all([releaseCase(database, key), releaseCase(database, key)]);
  expect(released.filter((hold) => hold !== null)).toHaveLength(1);
});
