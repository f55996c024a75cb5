import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { createAuthority } from '../support/certificate.ts';
import { runCli, secretVariables, startCli, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { startMailServer, startReceiver } from '../support/receivers.ts';
import { ACCOUNT } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { until } from '../support/until.ts';

const SIGNING = 'a-secret-of-at-least-24-letters';

/** A configuration with a channel of each type, and the environment for it. */
async function channelsFixture(slackStatus = 200) {
  const sandbox = await startSandbox({ casesPerAccount: 2 });
  const receiver = await startReceiver(({ headers }) =>
    headers['webhook-id'] === undefined ? { status: slackStatus } : {},
  );
  const authority = createAuthority();
  const mail = await startMailServer({
    tls: authority.sign({ host: 'localhost' }),
    credentials: { user: 'cdd', password: 'p4ss' },
  });
  const folder = await writeConfig(
    sandbox.url,
    [ACCOUNT],
    [
      'server: { url: "https://cdd.example.com" }',
      'notify:',
      '  channels:',
      '    - { id: ops, type: slack, urlFile: hook }',
      `    - { id: siem, type: webhook, url: "${receiver.url}", secret: "\${SIGNING}" }`,
      `    - { id: mail, type: email, host: localhost, port: ${mail.port}, user: cdd, password: "\${MAIL}", from: a@b.c, to: [d@e.f] }`,
      '  rules:',
      '    - { on: [account_stale, run_failing], to: [ops, siem, mail] }',
    ],
  );
  await writeFile(join(folder, 'hook'), `${receiver.url}\n`);
  await writeFile(join(folder, 'ca.pem'), authority.certificate.cert);
  const env = {
    ...secretVariables([ACCOUNT]),
    SIGNING,
    MAIL: 'p4ss',
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
    PORT: '0',
  };
  return { receiver, mail, cwd: folder, env };
}

describe('notify test', () => {
  test('sends a message to each channel, by STARTTLS with a certificate that is trusted, and says so', async () => {
    const { receiver, mail, cwd, env } = await channelsFixture();
    const { code, stdout, stderr } = await runCli(['notify', 'test'], { cwd, env });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(
      ['ops', 'siem', 'mail'].map((id) => `ok      ${id}: the test message was taken; look whether it arrived`),
    );
    expect(code).toBe(0);
    expect(receiver.received).toHaveLength(2);
    expect(mail.mails).toMatchObject([{ recipients: ['d@e.f'], isSecure: true }]);
    expect(JSON.parse(receiver.received.find(({ headers }) => headers['webhook-id'])?.body ?? '')).toMatchObject({
      type: 'test',
      items: [],
    });
  });

  test('exits with 1 if a channel does not take its message, with advice and without secrets', async () => {
    const { receiver, cwd, env } = await channelsFixture(410);
    const { code, stdout, stderr } = await runCli(['notify', 'test', '--json'], {
      cwd,
      env: { ...env, MAIL: 'wr0ng' },
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual([
      { channel: 'ops', type: 'slack', ok: false, message: expect.stringContaining('Make a new incoming webhook') },
      { channel: 'siem', type: 'webhook', ok: true, message: expect.any(String) },
      { channel: 'mail', type: 'email', ok: false, message: expect.stringContaining('refuses user or password (535)') },
    ]);
    expect(stdout + stderr).not.toMatch(/s3cret|wr0ng/);
    const one = await runCli(['notify', 'test', 'siem'], { cwd, env });
    expect(one).toMatchObject({
      code: 0,
      stdout: 'ok      siem: the test message was taken; look whether it arrived\n',
    });
    const unknown = await runCli(['notify', 'test', 'obs'], { cwd, env });
    expect(unknown).toMatchObject({ code: 2, stderr: 'There is no channel obs; did you mean ops?\n' });
    expect(receiver.received).toHaveLength(3);
  });
});

test('check asks the hosts of channels, and sends nothing', async ({ db: { url } }) => {
  const { receiver, mail, cwd, env } = await channelsFixture();
  const check = async (more: Record<string, string>) => {
    const { stdout } = await runCli(['check', '--json'], { cwd, env: { ...env, DATABASE_URL: url, ...more } });
    const findings: { check: string; state: string; message: string }[] = JSON.parse(stdout);
    return findings.filter((one) => one.check.startsWith('channel ')).map((one) => `${one.check}: ${one.state}`);
  };
  expect(await check({})).toEqual(['channel ops: ok', 'channel siem: ok', 'channel mail: ok']);
  expect(await check({ MAIL: 'wr0ng' })).toEqual(['channel ops: ok', 'channel siem: ok', 'channel mail: problem']);
  expect([receiver.received, mail.mails]).toEqual([[], []]);
});

test('status says that a channel is down, why, and what to do', async ({ db: { url, database } }) => {
  const { cwd, env } = await channelsFixture();
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  await database.$executeRaw`
    insert into cdd.notice_channels (channel, down_since, failures, last_error)
    values
      ('ops', now() - interval '2 hours', 9, 'hooks.slack.com answered 410: the webhook was removed.'),
      ('new', now() - interval '1 minute', 1, 'a blip'),
      ('old', now() - interval '2 hours', 9, 'nothing waits for it')`;
  await database.$executeRaw`
    insert into cdd.notice_items (channel, kind, account_id, phase, began_at, items, new_items, judged_at)
    select channel, 'account_stale', ${ACCOUNT}, 'began', now(), 0, 0, now()
    from (values ('ops'), ('ops'), ('new')) as waiting (channel)`;
  const { stdout } = await runCli(['status'], { cwd, env: { ...env, DATABASE_URL: url, COLUMNS: '400' } });
  expect(stdout).toContain('1 thing needs a person.');
  expect(stdout).toMatch(
    /Act: +No message gets through the channel ops since .* \(2 h ago\); 2 things wait to be told\.\n +hooks\.slack\.com answered 410: the webhook was removed\. When it is mended, try it: "cdd-sync notify test ops"\.\n/,
  );
});

test('two workers tell once that Dintero refuses an account, with what to do, and stop at once', async ({
  db: { url },
}) => {
  const { receiver, mail, cwd, env } = await channelsFixture();
  const surroundings = { cwd, env: { ...env, DATABASE_URL: url, [`SECRET_${ACCOUNT}`]: 'wr0ng' } };
  const workers = [startCli(['start'], surroundings), startCli(['start'], surroundings)];
  for (const worker of workers) await worker.waitForOutput('worker started');
  await until(() => receiver.received.length >= 2 && mail.mails.length >= 1);
  for (const worker of workers) worker.kill('SIGTERM');
  expect(await Promise.all(workers.map(({ exit }) => exit))).toEqual([0, 0]);
  expect([receiver.received.length, mail.mails.length]).toEqual([2, 1]);
  const siem = receiver.received.find(({ headers }) => headers['webhook-id'] !== undefined);
  expect(JSON.parse(siem?.body ?? '')).toMatchObject({
    type: 'notice',
    title: `Runs of ${ACCOUNT} fail: Dintero refuses the client id or secret (AUTH)`,
    text: expect.stringContaining('What to do: Correct them in the configuration, restart the worker'),
    items: [
      {
        kind: 'run_failing',
        phase: 'began',
        account_id: ACCOUNT,
        code: 'AUTH',
        url: `https://cdd.example.com/accounts/${ACCOUNT}`,
      },
    ],
  });
  const said = workers.map((worker) => worker.stdout() + worker.stderr()).join();
  expect(said.match(/told siem/g)).toHaveLength(1);
  expect(said).not.toMatch(/s3cret|p4ss|wr0ng/);
});
