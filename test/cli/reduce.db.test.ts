import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runCli } from '../support/cli.ts';
import { startFixture } from '../support/cli-fixture.ts';
import { test } from '../support/database.ts';

test('reduce says what it would remove, removes it when told to, and finds nothing afterwards', async ({
  db: { url },
}) => {
  const { sandbox, options } = await startFixture(url, { casesPerAccount: 12 });
  const run = (...args: string[]) => runCli(args, options);
  expect(await run('sync')).toMatchObject({ code: 0 });
  expect(await run('reduce', '--dry-run')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('personalData: keep, which stores everything; set drop or minimal first'),
  });
  const config = join(options.cwd, 'cdd-sync.yaml');
  await appendFile(config, '\npersonalData: minimal\n');
  expect(await run('reduce')).toMatchObject({ code: 2, stderr: expect.stringContaining('then say --yes') });
  const looked = await run('reduce', '--dry-run');
  expect(looked).toMatchObject({ code: 0 });
  expect(looked.stdout).toMatch(/P12345678: 12 of 12 cases have data that personalData: minimal does not store/);
  expect(looked.stdout).toContain('Nothing was written. To do it: cdd-sync reduce --yes');
  expect(await run('reduce', '--account', 'P1234567', '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean P12345678?'),
  });
  const json = await run('reduce', '--yes', '--json', '--account', 'P12345678');
  expect(JSON.parse(json.stdout)).toEqual([
    { account_id: 'P12345678', personal_data: 'minimal', dry_run: false, cases: 12, reduced: 12, held: 0, items: 0 },
  ]);
  const again = await run('reduce', '--yes');
  expect(again.stdout).toMatch(/P12345678: 0 of 12 cases reduced[\s\S]*T12345678: 12 of 12 cases reduced[\s\S]*VACUUM/);
  const synced = JSON.parse((await run('sync', '--json')).stdout);
  expect(synced).toEqual([
    expect.objectContaining({ state: 'succeeded', cases_updated: 0 }),
    expect.objectContaining({ state: 'succeeded', cases_updated: 0 }),
  ]);
  expect(await run('verify')).toMatchObject({ code: 0, stdout: expect.stringContaining('everything fits') });
  await sandbox.close();
});
