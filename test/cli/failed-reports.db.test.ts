import { expect } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { runCli, secretVariables, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';

test('sync and status say that reports stand still, why and since when; sync exits with 1 until they are right again', async ({
  db: { url, database },
}) => {
  const sandbox = await startSandbox({ casesPerAccount: 5 });
  const cwd = await writeConfig(sandbox.url, [ACCOUNT]);
  const options = { cwd, env: { DATABASE_URL: url, COLUMNS: '400', ...secretVariables([ACCOUNT]) } };
  await database.$executeRaw`alter table cdd.flow_days add constraint nothing check (false)`;
  const failed = await runCli(['sync'], options);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(/P12345678 +succeeded /);
  const sentence =
    /P12345678: its daily and monthly reports stand still since 20[-\d]{8} [:\d]{8}[+-]\d\d:00; .*"nothing" \(23514\)/;
  expect(failed.stdout).toMatch(sentence);
  expect(failed.stderr).toMatch(/P12345678: the reports could not be updated/);
  const status = await runCli(['status'], options);
  expect(status.stdout).toMatch(/P12345678: its daily and monthly reports stand still since .*"nothing" \(23514\)/);
  const { stdout } = await runCli(['status', '--json'], options);
  expect(JSON.parse(stdout)).toMatchObject([{ reports_failing_since: expect.stringMatching(/^20.*Z$/) }]);

  await database.$executeRaw`alter table cdd.flow_days drop constraint nothing`;
  const mended = await runCli(['sync'], options);
  expect(mended.code).toBe(0);
  expect(mended.stderr).toMatch(/P12345678: the reports are up to date again/);
  expect((await runCli(['status'], options)).stdout).not.toContain('stand still');
  await sandbox.close();
});
