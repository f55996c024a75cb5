import { userInfo } from 'node:os';
import { expect } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runCli, secretVariables, startCli, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { runHere } from '../support/program.ts';
import { ACCOUNT } from '../support/rig.ts';
import { until } from '../support/until.ts';

const OTHER = 'P11200000';
const REASON = 'moves to another system';

test('an account that was paused before its first run is read by no worker and no command until it is resumed', async ({
  db: { url, database },
}) => {
  const sandbox = await startSandbox({ casesPerAccount: 3 });
  const cwd = await writeConfig(
    sandbox.url,
    [OTHER, ACCOUNT],
    // Belongs to ACCOUNT, which is due once a year.
    ['    schedule: "0 0 1 1 *"', 'schedule: "* * * * * *"'],
  );
  const env = { DATABASE_URL: url, PORT: '0', SUDO_USER: 'kari', ...secretVariables([OTHER, ACCOUNT]) };
  const run = (...parts: string[]) => runHere(parts, { cwd, env });
  const runsOf = (accountId: string) => database.syncRun.count({ where: { accountId, state: 'succeeded' } });
  expect((await run('migrate')).code).toBe(0);

  const wrong = await run('pause', 'P12345687', '--reason', REASON);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('did you mean P12345678?');
  expect((await run('pause', ACCOUNT, '--reason', '  ')).stderr).toContain('--reason needs a text');
  expect((await run('resume', ACCOUNT)).stdout).toBe(`${ACCOUNT} is not paused; nothing was changed.\n`);

  const paused = await run('pause', ACCOUNT, '--reason', `${REASON}\n\u001b[31m`);
  expect(paused.stdout).toMatch(
    new RegExp(`^${ACCOUNT} is paused since \\S+ \\(.+\\): ${REASON} \\\\u001b\\[31m\\.\n`),
  );
  expect(paused.stdout).toContain(`until:\n  cdd-sync resume ${ACCOUNT}\n`);
  const again = await run('pause', ACCOUNT, '--reason', 'other');
  expect(again).toMatchObject({ code: 0 });
  expect(again.stdout).toContain(paused.stdout.split('\n', 1)[0]);

  const worker = startCli(['start'], { cwd, env });
  await worker.waitForOutput('worker started');
  expect(worker.stderr()).toMatch(new RegExp(`"msg":"${ACCOUNT} is paused since .*cdd-sync resume ${ACCOUNT}"`));
  await until(async () => (await runsOf(OTHER)) > 2);
  const asked = await runCli(['sync', '--account', ACCOUNT], { cwd, env });
  expect(asked).toMatchObject({ code: 1, stdout: '' });
  expect(asked.stderr).toContain(`cdd-sync resume ${ACCOUNT}`);
  const all = await runCli(['sync'], { cwd, env });
  expect(all.code).toBe(0);
  expect(all.stderr.match(/is paused since \S+ \S+[+-]\d\d:\d\d: .* It is left out/g)).toHaveLength(1);
  const checked = await run('check', '--json');
  expect(JSON.parse(checked.stdout)).toContainEqual(
    expect.objectContaining({
      check: `account ${ACCOUNT}`,
      state: 'warning',
      message: expect.stringMatching(
        /is paused since .*\nTo continue: cdd-sync resume P12345678\ncredentials accepted/,
      ),
    }),
  );
  expect(await runsOf(ACCOUNT)).toBe(0);
  const status = await run('status');
  expect(status.stdout).toContain(`${ACCOUNT} is paused: ${REASON}`);
  expect(status.stdout).toContain(`cdd-sync resume ${ACCOUNT}`);
  const [row] = JSON.parse((await run('status', '--json')).stdout).filter(
    ({ account_id }: { account_id: string }) => account_id === ACCOUNT,
  );
  expect(row).toMatchObject({ state: 'paused', paused_by: 'kari', next_due_at: null, is_stale: false });

  expect((await run('resume', ACCOUNT)).stdout).toMatch(/^P12345678 is not paused any more; it was since /);
  await until(async () => (await runsOf(ACCOUNT)) === 1);
  await worker.waitForOutput(`${ACCOUNT} is not paused any more`);
  worker.kill('SIGTERM');
  expect(await worker.exit).toBe(0);
  expect(await runsOf(ACCOUNT)).toBe(1);
  expect(worker.stderr().match(new RegExp(`${ACCOUNT} is paused`, 'g'))).toHaveLength(1);
  const history = await database.$queryRaw`
    select account_id, paused_by, reason, resumed_by, resumed_at > paused_at as is_later from reporting.account_pauses`;
  expect(history).toEqual([
    { account_id: ACCOUNT, paused_by: 'kari', reason: `${REASON} \u001b[31m`, resumed_by: 'kari', is_later: true },
  ]);
  await sandbox.close();
});

test('the login name is that of the system without sudo', async () => {
  const { loginName } = await import('../../src/cli/login-name.ts');
  expect(loginName({})).toBe(userInfo().username);
});
