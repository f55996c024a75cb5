import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { temporaryFolder } from '../support/cli.ts';
import { OTHER } from '../support/cli-fixture.ts';
import { testFilledBy } from '../support/database.ts';
import { type ChainedCases, makeChainedHistory } from '../support/ledger/chained-history.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { runHere } from '../support/program.ts';
import { ACCOUNT } from '../support/rig.ts';
import { Screen } from '../support/screen.ts';

let cases: ChainedCases;
const test = testFilledBy(async (database) => {
  cases = await makeChainedHistory(database);
});

/** A function that runs `verify` on a database, in a folder with these published digests. */
async function verifyOn(url: string) {
  const cwd = await temporaryFolder();
  const run = (...args: string[]) => runHere(['verify', ...args], { cwd, env: { DATABASE_URL: url } });
  const publish = (text: string | Buffer) => writeFile(join(cwd, 'published.txt'), text);
  return { run, publish };
}

describe('verify', () => {
  test('prints what fits, publishes the newest digests, and finds them again later', async ({
    db: { url, database },
  }) => {
    const { run, publish } = await verifyOn(url);
    const all = await run();
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatch(/^2 accounts, 6 runs, 24 cases: everything fits\n/);
    const screen = new Screen();
    expect(await runHere(['verify'], { cwd: '/tmp', env: { DATABASE_URL: url }, screen })).toMatchObject({ code: 0 });
    // The progress is gone.
    expect(`${screen.text()}\n`).toBe(all.stdout);
    expect(all.stdout).toMatch(
      new RegExp(`case ${cases.erased}: erased at [^,]*, receipt in link 5`.replaceAll(' ', '\\s+')),
    );

    const printed = await run('--print');
    const lines = printed.stdout.trim().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^P12345678:9:[0-9a-f]{64} 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      expect.stringMatching(/^T12345678:2:[0-9a-f]{64} /),
    ]);
    for (const line of lines) expect(all.stdout).toContain(line.split(/[: ]/)[2]);
    await publish(`# each morning\n\n${printed.stdout}`);
    const found = await run('--expect', 'published.txt');
    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('1 published digest is in the chain.') });
    // As PowerShell writes it.
    await publish(Buffer.from(`\ufeff${printed.stdout.replaceAll('\n', '\r\n')}`, 'utf16le'));
    expect((await run('--expect', 'published.txt')).stdout).toBe(found.stdout);
    const foreign = await run('--expect', `P99999999:3:${'0'.repeat(64)}`);
    expect(foreign.code).toBe(1);
    expect(foreign.stdout).toMatch(
      /P99999999: no link\n(?:.*\n)* *cdd\.digest_links: was published, and the account\s+has no links here/,
    );

    await database.$executeRaw`delete from cdd.digest_links where account_id = ${ACCOUNT} and number = 9`;
    await database.$executeRaw`delete from cdd.sync_runs where account_id = ${ACCOUNT}`;
    const [published] = JSON.parse((await run('--expect', lines[0] ?? '', '--account', OTHER, '--json')).stdout);
    expect(published).toMatchObject({
      account_id: ACCOUNT,
      fits: false,
      newest: { number: 8 },
      problems: 2,
      findings: [
        {
          table: 'digest_links',
          link_number: 9,
          problem: expect.stringMatching(/^was published, and the chain ends with link 8/),
        },
        {
          table: 'digest_links',
          run_id: expect.any(String),
          problem: expect.stringMatching(/^there is no link for the batches/),
        },
      ],
    });
  });

  test('names the first row of each account, all with --all, and exits with 1', async ({ db: { url, database } }) => {
    const { run } = await verifyOn(url);
    const [, { count = 0 } = {}] = await database.$transaction([
      database.statusTransition.updateMany({
        where: { caseId: cases.revised, sequence: { gt: 1 } },
        data: { eventId: 1 },
      }),
      database.caseRevision.updateMany({
        where: { caseId: cases.edited, revision: 1 },
        data: { deletedAt: new Date() },
      }),
    ]);
    expect(count).toBe(1);
    const first = await run();
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/^2 accounts, 6 runs, 24 cases: 1 account does not fit\n/);
    expect(first.stdout).toMatch(
      / 8 rows or links do not fit:\n +cdd\.case_revisions, revision 1: was changed after it was recorded\n/,
    );
    expect(first.stdout).toContain(`      case ${cases.edited}\n      run `);
    expect(first.stdout).toContain('7 more: cdd-sync verify --account P12345678 --all');
    const all = await run('--account', ACCOUNT, '--all');
    expect(all.stdout.match(/cdd\.status_transitions, sequence \d/g)).toHaveLength(7);
    expect(all.stdout).not.toContain('more');
    expect((await run('--account', OTHER)).code).toBe(0);

    // Beyond a hundred leaves, their rows are not named, and still listed. An erasure is recorded seconds ahead, and the
    // chain of the other account may begin there: so these rows are later than both.
    await database.$executeRaw`
      insert into cdd.status_transitions (
        account_id, case_id, sequence, from_status, to_status, occurred_at, occurred_at_source, event_id, recorded_at, run_id
      )
      select account_id, id, 1000 + number, 'X', 'ACTIVE', now(), 'event', 1, now() + interval '1 hour' + number * interval '1 ms', gen_random_uuid()
      from generate_series(1, 120) as number
      cross join (select account_id, id from cdd.cases where account_id = ${OTHER} limit 1) as one_case`;
    const many = JSON.parse((await run('--account', OTHER, '--json')).stdout);
    expect(many).toMatchObject([{ account_id: OTHER, problems: 120 }]);
    expect(many[0].findings).toHaveLength(120);
  });

  test('names the account, the line, the file or the grant to correct when it refuses', async ({
    db: { url, database },
  }) => {
    const reader = await createLogin();
    await grantReader(database, { role: reader, accountIds: [ACCOUNT] });
    const { run, publish } = await verifyOn(url);
    await publish(`${ACCOUNT}:1:abc`);
    const lost = await verifyOn(url);
    await lost.publish('# each morning\n\n');
    expect(await lost.run('--expect', 'published.txt')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('published.txt: the file has no line of ACCOUNT:NUMBER:DIGEST'),
    });
    for (const [args, code, words] of [
      [['--account', 'P12345679'], 2, `did you mean ${ACCOUNT}?`],
      [['--expect', 'published.txt'], 2, 'published.txt, line 1: P12345678:1:abc is not ACCOUNT:NUMBER:DIGEST'],
      [['--expect', 'nothing.txt'], 2, 'there is no such file'],
      [['--print', '--all'], 2, "cannot be used with option '--all'"],
    ] as const) {
      expect({ args, ...(await run(...args)) }).toMatchObject({ args, code, stderr: expect.stringContaining(words) });
    }
    await database.$executeRaw`
      create or replace function cdd.link_digest(link cdd.digest_links) returns bytea language sql stable return link.digest`;
    expect(await run()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/replaced by hand: cdd\.link_digest\. So nothing can be verified/),
    });
    const asReader = await verifyOn(urlAs(url, reader));
    expect(await asReader.run()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(
        `grant usage on schema cdd to "${reader}"; grant select on all tables in schema cdd`,
      ),
    });
  });
});
