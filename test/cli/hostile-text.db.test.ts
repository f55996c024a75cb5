import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runCli, secretVariables, temporaryFolder, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { ALL_HOSTILE_TEXTS, isSafeToShow } from '../support/hostile-text.ts';
import { ACCOUNT } from '../support/rig.ts';

/** All that can be a status. Formulas of spreadsheets are among them, and no report may change a text for that. */
const texts = ALL_HOSTILE_TEXTS.filter((text) => Buffer.byteLength(text) <= 200);
const TITLE = '\u001b]0;owned\u0007';

describe('text that a terminal would obey', () => {
  test('is escaped in what sync, status, rejected and check print, and --json has it exactly', async ({
    db: { url, database },
  }) => {
    await using sandbox = await startSandbox({ casesPerAccount: texts.length });
    for (const [index, document] of sandbox.world.documents(ACCOUNT).entries()) {
      const target = { account: ACCOUNT, case: String(document.id) };
      sandbox.world.appendEvent(target, { case_status: texts[index] });
    }
    const cwd = await writeConfig(sandbox.url, [ACCOUNT]);
    const options = { cwd, env: { DATABASE_URL: url, LOG_LEVEL: 'trace', ...secretVariables([ACCOUNT]) } };
    const expectSafe = async (...args: string[]) => {
      const { stdout, stderr } = await runCli(args, options);
      expect(isSafeToShow(stdout), args.join(' ')).toBe(true);
      expect(isSafeToShow(stderr), args.join(' ')).toBe(true);
      return stdout;
    };
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'items', change: 'missingId' } });
    await expectSafe('sync');
    await expectSafe('sync');
    await database.$executeRaw`update cdd.accounts set label = ${TITLE}`;
    await database.$executeRaw`update cdd.rejected_items set reason = ${TITLE}, path = ${texts.join('')}, resolved_at = null`;
    await database.$executeRaw`update cdd.sync_runs set error_code = 'HTTP', error_message = ${texts.join('')}, state = 'failed'`;
    const status = await expectSafe('status');
    expect(status).toContain('\\u001b]0;owned\\u0007');
    expect(status).not.toMatch(/^P99999999/m);
    const [exact]: { cases_by_status: { status: string }[] }[] = JSON.parse(await expectSafe('status', '--json'));
    expect(exact?.cases_by_status.map((row) => row.status).sort()).toEqual(texts.toSorted());
    expect(await expectSafe('rejected')).toContain('\\u001b]0;owned\\u0007');
    expect(JSON.parse(await expectSafe('rejected', '--json'))).toMatchObject([{ reason: TITLE }]);
    await expectSafe('check');
    await expectSafe('check', '--json');
  });

  test('is escaped in an error that quotes an argument, a role, a path, a key or the name of a database', async ({
    db: { url },
  }) => {
    const cwd = await temporaryFolder();
    const missing = join(cwd, `${TITLE}\nP99999999`);
    const account = { DINTERO_ACCOUNT_ID: ACCOUNT, DINTERO_CLIENT_ID: 'a', DINTERO_CLIENT_SECRET: 'b' };
    const elsewhere = new URL(url);
    elsewhere.pathname = `/${encodeURIComponent(TITLE)}`;
    await writeFile(join(cwd, 'keys.yaml'), `${JSON.stringify(TITLE)}: 1\n"a\\nb": 2\naccounts: []\n`);
    const commands: [string[], Record<string, string>][] = [
      [[`${TITLE}`], {}],
      [['sandbox', '--port', TITLE], {}],
      [['sandbox', '--host', TITLE], {}],
      [['sync', '--account', TITLE], { DATABASE_URL: url, ...account }],
      [['grant-reader', '--role', TITLE, '--all'], { DATABASE_URL: url }],
      [['sync'], { CDD_SYNC_CONFIG: missing }],
      [['sync'], { CDD_SYNC_CONFIG: 'keys.yaml' }],
      [['status'], { DATABASE_URL: elsewhere.href }],
      [['check'], { DATABASE_URL: elsewhere.href, ...account, DINTERO_API_URL: 'http://127.0.0.1:1' }],
    ];
    for (const [args, env] of commands) {
      const { code, stdout, stderr } = await runCli(args, { cwd, env });
      const printed = stdout + stderr;
      expect(code, printed).not.toBe(0);
      expect(isSafeToShow(printed), JSON.stringify(printed)).toBe(true);
      expect(printed).not.toMatch(/^P99999999/m);
    }
  });
});
