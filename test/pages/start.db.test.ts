import { expect } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { secretVariables, startCli, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { ACCOUNT } from '../support/rig.ts';

const TOKEN = 'the-token-of-a-viewer';

test('start serves the pages to the configured viewers, and says which role is missing', async ({ db: { url } }) => {
  const sandbox = await startSandbox({ casesPerAccount: 3 });
  const viewer = '{ name: compliance, token: "${PAGE_TOKEN}", role: no_such_role }';
  const cwd = await writeConfig(sandbox.url, [ACCOUNT], ['schedule: "0 0 1 1 *"', 'server:', `  viewers: [${viewer}]`]);
  const env = { DATABASE_URL: url, PORT: '0', PAGE_TOKEN: TOKEN, ...secretVariables([ACCOUNT]) };
  const worker = startCli(['start'], { cwd, env });
  await worker.waitForOutput('worker started');
  const [, address = ''] = /"server":"([^"]+)"/.exec(worker.stderr()) ?? [];
  expect(worker.stderr()).toContain('create role \\"no_such_role\\";');
  expect((await fetch(address)).status).toBe(401);
  const { status } = await fetch(address, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(status).toBe(403);
  expect(worker.stderr()).not.toContain(TOKEN);
  worker.kill('SIGTERM');
  expect(await worker.exit).toBe(0);
  await sandbox.close();
});
