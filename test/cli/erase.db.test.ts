import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { holdCase, releaseCase } from '../../src/store/ledger/hold/holds.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { startFixture } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import { startPages } from '../support/pages.ts';
import { runHere } from '../support/program.ts';
import { startPtyCli } from '../support/pty.ts';
import { ACCOUNT } from '../support/rig.ts';

const ENTER = '\r';
const CTRL_C = '\u0003';

const keepFor = (database: Database, years: number | null) =>
  applyReportSettings(database, {
    ...{ timezone: 'Europe/Oslo', statusTargets: {}, retention: { cases: { years, rules: [] } } },
  });

test('erase refuses what must be kept or is held, erases the rest once, and again from receipts', async ({
  db: { url, database },
}) => {
  const { sandbox, options } = await startFixture(url);
  const env = { ...options.env, SUDO_USER: 'kari', LOG_LEVEL: 'error' };
  const run = (...parts: string[]) => runHere(parts, { ...options, env });
  expect(await run('sync')).toMatchObject({ code: 0 });
  const [{ id = '', name = '' } = {}, { id: other = '' } = {}, { id: third = '' } = {}] = await database.$queryRaw<
    { id: string; name: string }[]
  >`
    select id::text, payout_destination_name as name from cdd.cases where account_id = ${ACCOUNT} order by id limit 3`;
  const erase = (...parts: string[]) => run('erase', '--account', ACCOUNT, '--case', id, ...parts);

  expect(await run('erase', '--account', 'P12345687', '--case', id, '--yes')).toMatchObject({
    ...{ code: 2, stderr: expect.stringContaining('did you mean P12345678?') },
  });
  expect((await run('erase', '--account', ACCOUNT, '--case', id.slice(0, 8), '--yes')).stderr).toContain(
    'the whole id',
  );
  const unknown = await run('erase', '--account', ACCOUNT, '--case', id.replace(/^./, 'g').replace('g', '0'), '--yes');
  if (!id.startsWith('0'))
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no case') });
  expect(await erase()).toMatchObject({ code: 2, stderr: expect.stringContaining('it needs --yes') });
  expect(await erase('--yes', '--before-time')).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason') });
  expect(await erase('--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('must be kept while it lasts: it has not ended.'),
  });
  expect(await run('erase')).toMatchObject({ code: 2, stderr: expect.stringContaining('or --account ID and --due') });

  const held = { accountId: ACCOUNT, caseId: id, reason: 'request 25/1187', by: 'ola' };
  await holdCase(database, held);
  const refused = await erase('--yes', '--before-time', '--reason', 'asked for');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/is under legal hold since .* by ola: request 25\/1187\..*cdd-sync release/s);
  await releaseCase(database, held);

  const dry = await erase('--dry-run', '--before-time', '--reason', 'asked for');
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('would be erased') });
  expect(await database.erasure.count()).toBe(0);
  const erased = await erase('--yes', '--before-time', '--reason', 'asked for');
  expect(erased).toMatchObject({ code: 0, stderr: '' });
  expect(erased.stdout).toContain(`${ACCOUNT}/${id} is erased`);
  expect(erased.stdout).toContain('vacuum (analyze)');
  expect(erased.stdout).not.toContain(name);
  expect(await erase('--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('was erased') });
  expect(JSON.parse((await erase('--yes', '--json')).stdout)).toMatchObject([
    { account_id: ACCOUNT, case_id: id, outcome: 'already_erased' },
  ]);
  expect(await database.erasure.count()).toBe(1);

  const page = await run('case', `${ACCOUNT}/${id}`);
  expect(page.stdout).toContain('Personal data erased');
  expect(page.stdout).toContain('by kari (before its time: asked for)');
  expect(page.stdout).not.toContain(name);
  expect((await run('show', 'retention', '--where', `case_id=${id}`, '--format', 'json')).stdout).toContain('"erased"');

  await using pages = await startPages(url);
  const { body } = await pages.ask(`/cases/${ACCOUNT}/${id}`);
  expect(body).toContain('Personal data erased');
  // What was erased is not there to compare.
  expect(body).not.toContain('No other production case has this organization number.');
  expect(body).toContain('Without its organization number, or after that was erased, none can be found.');

  const receipts = await run('show', 'erasures', '--format', 'json');
  const [receipt] = JSON.parse(receipts.stdout);
  expect(receipt).toMatchObject({
    ...{
      account_id: ACCOUNT,
      case_id: id,
      kind: 'erased',
      reason: 'asked for',
      is_before_time: true,
      erased_by: 'kari',
    },
  });
  const file = join(options.cwd, 'erasures.json');
  const unknownId = '11111111-2222-4333-8444-555555555555';
  const elsewhere = { ...receipt, case_id: unknownId, erased_at: new Date().toISOString() };
  // As PowerShell writes it, with a byte order mark.
  await writeFile(file, `\ufeff${JSON.stringify([receipt, { ...receipt, case_id: other }, elsewhere])}\r\n`);
  const cut = join(options.cwd, 'cut.json');
  await writeFile(cut, '\n');
  expect(await run('erase', '--from-receipts', cut, '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/cut\.json has no receipts: .*"cdd-sync show erasures --format json",/),
  });
  expect(await run('erase', '--from-receipts', file)).toMatchObject({ code: 2 });
  const stopped = await runHere(['erase', '--from-receipts', file, '--yes'], {
    ...{ ...options, env, signal: AbortSignal.abort() },
  });
  expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('Stopped after 0 of 3 cases;') });
  expect(await database.erasure.count()).toBe(1);
  const again = await run('erase', '--from-receipts', file, '--yes');
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining(`Not in this copy yet: ${ACCOUNT}/1`) });
  expect(again.stdout).toContain('1 case erased again, 1 case already erased here');
  expect(await database.erasure.findFirst({ where: { caseId: other } })).toMatchObject({
    ...{
      isBeforeTime: true,
      reason: expect.stringMatching(/^again after a restore, by the receipt of .*: asked for$/),
    },
  });
  // The next run reads the whole list, and the case is not in it.
  expect(await run('sync')).toMatchObject({ code: 0 });
  const settled = await run('erase', '--from-receipts', file, '--yes');
  expect(settled).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 case neither stored here nor'),
    stderr: '',
  });
  expect(await run('verify')).toMatchObject({ code: 0 });

  // Why nothing is due.
  const asksDue = ['show', 'retention', '--where', 'state=due'];
  expect(await run(...asksDue)).toMatchObject({ code: 0, stderr: expect.stringContaining('set retention.cases in') });
  await keepFor(database, 100);
  expect((await run(...asksDue)).stderr).toBe('no rows that fit --where and --account\n');
  await keepFor(database, null);

  const due = await run('erase', '--account', ACCOUNT, '--due', '--dry-run', '--json');
  expect(JSON.parse(due.stdout)).toEqual([{ account_id: ACCOUNT, due: 0, erased: 0, left: 0 }]);

  // On a terminal it asks for the id.
  const asked = ['erase', '--case', `${ACCOUNT}/${third}`, '--before-time', '--reason', 'asked for'];
  const unasked = startPtyCli(asked, { ...options, env });
  await unasked.waitFor('would be erased');
  await unasked.waitFor('to erase it:');
  unasked.type(`${other}${ENTER}`);
  await unasked.waitFor('That is another id.');
  unasked.type(CTRL_C);
  await unasked.waitFor('Stopped; nothing was erased.');
  expect(await unasked.exit).toBe(1);
  expect(await database.erasure.count()).toBe(2);
  const confirmed = startPtyCli(asked, { ...options, env });
  await confirmed.waitFor('to erase it:');
  confirmed.type(`${ACCOUNT}/${third.toUpperCase()}${ENTER}`);
  await confirmed.waitFor('is erased.');
  expect(await confirmed.exit).toBe(0);
  expect(await database.erasure.count()).toBe(3);
  await sandbox.close();
});
