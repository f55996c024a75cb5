import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { LEFT_OUT } from '../../src/ledger/evidence/contract-links.ts';
import { betweenBatches } from '../../src/store/ledger/between-batches.ts';
import { eraseCase } from '../../src/store/ledger/erase/erase-case.ts';
import { readKnownUntil } from '../../src/store/ledger/evidence/case.ts';
import { holdCase, releaseCase } from '../../src/store/ledger/hold/holds.ts';
import { reduceAccount } from '../../src/store/ledger/reduce/reduce-account.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { startCli, temporaryFolder } from '../support/cli.ts';
import { OTHER } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';
import {
  expectReadableByOthers,
  expectSafePage,
  expectWholeDocuments,
  filesOf,
  ID,
  LINK,
  listed,
} from '../support/evidence-case.ts';
import { expectDigestsFit } from '../support/evidence-chain.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { runHere } from '../support/program.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { until } from '../support/until.ts';

describe('evidence', () => {
  test('is the same bytes for the same knowledge, whole, exact, checkable and without contract links', async ({
    db: { url, database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    const sync = async (text: string, account = ACCOUNT) => {
      // A second case, so that a batch has other leaves too.
      const beside = `{"id":"ffffffff-0000-4000-8000-000000000001","note":${JSON.stringify(text)},"events":[]}`;
      rig.sandbox.world.serve(account, `[${[...(text === '' ? [] : [text]), beside].join(',')}]`);
      await rig.sync({ account: sandboxAccount(account) });
    };
    const cwd = await temporaryFolder();
    const run = (...args: string[]) => runHere(['evidence', ...args], { cwd, env: { DATABASE_URL: url } });

    await sync(listed({ status: 'ACTIVE' }));
    await sync(listed({ status: 'DECLINED' }));
    await sync('');
    await sync(listed({ status: 'DECLINED', amount: '1.0' }));
    await sync(listed({ status: 'ACTIVE' }), OTHER);
    const first = await run('--account', ACCOUNT, '--case', ID.slice(0, 8), '-o', 'first/', '--made-by', 'Acme & Co');
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('full of personal data') });
    const knownAt = /--known-at (\S+)/.exec(first.stdout)?.[1] ?? '';

    await sync(listed({ status: 'ACTIVE', more: ',{"id":4,"event":"more","created_at":"2026-01-05T11:00:00Z"}' }));
    await sync('');
    const again = await run(
      '--case',
      `${ACCOUNT}/${ID}`,
      '--known-at',
      knownAt,
      '-o',
      'again',
      '--made-by',
      'Acme & Co',
      '--json',
    );
    await rig.close();
    const [printed] = JSON.parse(again.stdout);
    expect(printed).toMatchObject({ account_id: ACCOUNT, case_id: ID, known_at: knownAt, folder: join(cwd, 'again') });
    const files = await filesOf(join(cwd, 'first'));
    expect(await filesOf(join(cwd, 'again'))).toEqual(files);
    const zips = await Promise.all(['first.zip', 'again.zip'].map((name) => readFile(join(cwd, name))));
    expect(zips[0]?.equals(zips[1] ?? Buffer.of())).toBe(true);

    await expectReadableByOthers(cwd, files);
    const manifest = JSON.parse(files['manifest.json'] ?? '');
    expect(manifest).toMatchObject({
      made_by: 'Acme & Co',
      known_at: knownAt,
      rows: { documents: 4, decisions: 1, events: 4 },
    });
    expect([...manifest.files.map(({ path }: { path: string }) => path), 'manifest.json', 'SHA256SUMS'].sort()).toEqual(
      Object.keys(files).sort(),
    );

    expectWholeDocuments(files);
    expect(Object.entries(files).filter(([, text]) => text.includes('s3cr3t'))).toEqual([]);
    const documents = JSON.parse(files['tables/documents.json'] ?? '');
    expect(documents.map(({ state, file }: Record<string, unknown>) => [state, file])).toEqual([
      ['listed', 'documents/0001.json'],
      ['listed', 'documents/0002.json'],
      ['missing', null],
      ['listed', 'documents/0004.json'],
    ]);
    expect(documents[1].recorded_at).toBe(documents[0].superseded_at);
    expect(documents[3].superseded_at).toBe(null);
    expect(JSON.parse(files['tables/decisions.json'] ?? '')).toEqual([
      expect.objectContaining({
        decision: 'declined',
        route: 'manual',
        opened_at: '2026-01-05T10:00:00Z',
        left_at: null,
      }),
    ]);
    expect(files['tables/timeline.csv']).toMatch(/^\ufeffat,kind,/);

    expect(JSON.parse(files['tables/problems.json'] ?? '')).toMatchObject([{ path: 'package', superseded_at: null }]);

    expect(expectDigestsFit(files)).toEqual({ rows: 8, leaves: 5, batches: 6, links: 4 });

    expectSafePage(files);
    const page = files['index.html'] ?? '';
    expect(page).toContain(`also in the lists of ${OTHER}`);
    expect(page).toContain('Acme &amp; Co');
  });

  test('says what is wrong and leaves nothing', async ({ db: { url, database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    for (const account of [ACCOUNT, OTHER]) {
      rig.sandbox.world.serve(account, `[${listed({ status: 'ACTIVE' })}]`);
      await rig.sync({ account: sandboxAccount(account) });
    }
    await rig.close();
    const unread = `{"id":"${ID}","events":7,"link":"${LINK}","contract_url":"sign here"}`;
    await database.$executeRaw`
      insert into cdd.rejected_items (account_id, fingerprint, case_id, path, reason, body, first_seen_at, last_seen_at)
      values (${ACCOUNT}, sha256('1'), ${ID}::uuid, 'events', 'is no list', ${unread}, now(), now())`;
    await holdCase(database, { accountId: ACCOUNT, caseId: ID, reason: 'police <b>', by: 'kari' });
    const cwd = await temporaryFolder();
    const run = (args: readonly string[], user = url) =>
      runHere(['evidence', ...args], { cwd, env: { DATABASE_URL: user } });
    await mkdir(join(cwd, 'full'));
    await writeFile(join(cwd, 'full/a'), 'a');
    await writeFile(join(cwd, 'file'), 'a');
    await writeFile(join(cwd, 'packed.zip'), 'a');
    const existing = await filesOf(cwd);
    const [readsReports, hasNoNames] = [await createLogin(), await createLogin()];
    await grantReader(database, { role: readsReports, accountIds: [ACCOUNT] });
    await grantReader(database, { role: hasNoNames, accountIds: [ACCOUNT], withNames: false });
    await database.$executeRawUnsafe(`grant usage on schema cdd to ${hasNoNames}`);
    await database.$executeRawUnsafe(`grant select on all tables in schema cdd to ${hasNoNames}`);
    const one = ['--account', ACCOUNT, '--case', ID];
    for (const [code, args, words, user] of [
      [2, ['--case', ID, '-o', 'new'], `2 cases fit ${ID}; name one of them:\n  ${ACCOUNT}/${ID}`],
      [2, ['--account', 'P12345679', '--case', ID, '-o', 'new'], `did you mean ${ACCOUNT}?`],
      [2, ['--account', ACCOUNT, '--case', 'ffffffff', '-o', 'new'], 'There is no case ffffffff'],
      [
        2,
        [...one, '--known-at', '2026-01-31', '-o', 'new'],
        `was not known at 2026-01-31T22:59:59.999999Z: cdd-sync learned of it at 20`,
      ],
      [2, [...one, '--known-at', '2999-01-01', '-o', 'new'], 'has not come yet'],
      [2, [...one, '-o', 'full/'], 'full is not empty'],
      [2, [...one, '-o', 'file'], 'file is a file'],
      [2, [...one, '-o', 'packed'], 'packed.zip exists'],
      [2, [...one, '-o', 'no/where'], 'its folder does not exist'],
      [2, [...one, '-o', 'new', '--made-by', 'x'.repeat(201)], 'at most 200 fit'],
      [2, one, "required option '-o, --output <folder>' not specified"],
      [1, [...one, '-o', 'new'], `${readsReports}, may not read schema cdd, which has the documents`, readsReports],
      [1, [...one, '-o', 'new'], `${hasNoNames}, was granted without names`, hasNoNames],
    ] as const) {
      expect([args, await run(args, user === undefined ? url : urlAs(url, user))]).toEqual([
        args,
        { code, stdout: '', stderr: expect.stringContaining(words) },
      ]);
    }
    expect(await filesOf(cwd)).toEqual(existing);

    await mkdir(join(cwd, 'empty'));
    // The login of docs/operating.md, "Who may do what".
    const auditor = await createLogin();
    await database.$executeRawUnsafe(`grant usage on schema cdd, reporting to ${auditor}`);
    await database.$executeRawUnsafe(`grant select on all tables in schema cdd, reporting to ${auditor}`);
    expect(await run([...one, '-o', 'empty'], urlAs(url, auditor))).toMatchObject({ code: 0 });
    const files = await filesOf(join(cwd, 'empty'));
    expect(files['index.html']).toMatch(/Under legal hold since .* UTC: police &lt;b&gt;/);
    await releaseCase(database, { accountId: ACCOUNT, caseId: ID, reason: 'over', by: 'kari' });
    const { signal } = new AbortController();
    const reduction = { accountId: ACCOUNT, personalData: 'drop' as const, by: null, isDryRun: false, signal };
    expect(await reduceAccount(database, { ...reduction, onProgress: () => {} })).toMatchObject({ reduced: 1 });
    expect(await run([...one, '-o', 'released'])).toMatchObject({ code: 0 });
    const released = await filesOf(join(cwd, 'released'));
    const kindsOf = (text = '') => JSON.parse(text).map(({ kind }: { kind: string }) => kind);
    expect([files, released].map((one) => kindsOf(one['tables/digest-links.json']))).toEqual([
      ['run', 'hold'],
      ['run', 'hold', 'hold', 'receipts'],
    ]);
    expect(released['index.html']).toContain('The documents were reduced at 20');
    expect(released['index.html']).not.toContain('Under legal hold');
    expect(JSON.parse(files['tables/rejected-items.json'] ?? '')).toMatchObject([
      { reason: 'is no list', body: `{"id":"${ID}","events":7,"link":"${LEFT_OUT}","contract_url":"${LEFT_OUT}"}` },
    ]);
    await database.$executeRaw`
      insert into cdd.sync_runs (account_id, id, trigger, started_at) values (${ACCOUNT}, gen_random_uuid(), 'manual', now())`;
    const now = new Date(Date.now() - 1).toISOString();
    expect(await run([...one, '--known-at', now, '-o', 'new'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not over, so what was known then can still grow'),
    });
  });

  test('of an erased case says so, whatever time is asked for, and Ctrl-C leaves nothing', async ({
    db: { url, database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    const events = Array.from({ length: 1_100 }, (_, index) => `,{"id":${index + 10},"event":"note"}`).join('');
    rig.sandbox.world.serve(ACCOUNT, `[${listed({ status: 'ACTIVE', more: events })}]`);
    await rig.sync();
    const before = await readKnownUntil(database);
    await betweenBatches(database, ACCOUNT, (tx) =>
      eraseCase(tx, {
        accountId: ACCOUNT,
        caseId: ID,
        reason: 'asked <to>',
        isBeforeTime: true,
        keptUntil: null,
        by: 'kari',
      }),
    );
    rig.sandbox.world.serve(ACCOUNT, `[${listed({ status: 'DECLINED', more: events })}]`);
    await rig.sync();
    await rig.close();
    const cwd = await temporaryFolder();
    const surroundings = { cwd, env: { DATABASE_URL: url } };
    for (const [folder, args] of [
      ['now', []],
      ['then', ['--known-at', before]],
    ] as const) {
      const run = await runHere(['evidence', '--case', ID, '-o', folder, ...args], surroundings);
      expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/It was erased at 20.*asked <to>/s) });
      const files = await filesOf(join(cwd, folder));
      expect(Object.keys(files).filter((name) => /Bjørk|s3cr3t/.test(files[name] ?? ''))).toEqual([]);
      expect(files['index.html']).toContain('This case was erased at 20');
      expect(files['index.html']).toContain('asked &lt;to&gt;');
      expect(files['index.html']).toMatch(/The first 1,000 of 1,10\d rows\./);
      const [receipt] = JSON.parse(files['tables/receipts.json'] ?? '');
      expect(receipt).toMatchObject({ reason: 'asked <to>', is_before_time: true, kinds: { names: 1 } });
      const links = JSON.parse(files['tables/digest-links.json'] ?? '');
      expect(links.map(({ number }: { number: number }) => number)).toContain(receipt.link_number);
      expect(JSON.parse(files['documents/0001.json'] ?? '')).toMatchObject({ id: ID, erased_at: expect.any(String) });
    }
    const files = Object.keys(await filesOf(cwd));

    await database.transact(async (tx) => {
      await tx.$executeRaw`lock table cdd.case_facts in access exclusive mode`;
      const cli = startCli(['evidence', '--case', ID, '-o', 'stopped'], surroundings);
      await until(async () => (await readdir(cwd)).some((name) => name.startsWith('stopped.partial-')));
      cli.kill('SIGINT');
      expect([await cli.exit, cli.stdout(), cli.stderr()]).toEqual([
        1,
        '',
        'CANCELLED: Stopped; nothing was written.\n',
      ]);
    });
    expect(Object.keys(await filesOf(cwd))).toEqual(files);
  });
});
