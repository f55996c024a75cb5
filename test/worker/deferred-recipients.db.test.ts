import { expect, onTestFinished } from 'vitest';
import { Notifier } from '../../src/worker/notifier.ts';
import { RunQueue } from '../../src/worker/queue.ts';
import { emailChannel } from '../support/channels.ts';
import { test } from '../support/database.ts';
import { recordingLog } from '../support/log-lines.ts';
import { addRefusedAccounts } from '../support/notices.ts';
import { startMailServer } from '../support/receivers.ts';
import { until } from '../support/until.ts';

const CONFIG = {
  timezone: 'UTC',
  server: { host: '127.0.0.1', port: 0, url: 'https://cdd.example.com', viewers: [] },
};

test('a recipient that the server refuses for now gets the message later, the others no second copy; tries are bounded', async ({
  db: { url, database },
}) => {
  const [LATER, FULL] = ['later@example.com', 'full@example.com'];
  const deferred = [LATER, FULL];
  const mail = await startMailServer({ deferred });
  const channel = emailChannel(mail.port, { to: ['a@example.com', LATER, FULL] });
  const { log, texts } = recordingLog();
  const queue = await RunQueue.start({ databaseUrl: url, schemaExists: false, onError: () => {} });
  onTestFinished(() => queue.stop());
  const notify = { channels: [channel], rules: [{ on: ['run_failing' as const], to: ['mail'] }] };
  const notifier = new Notifier({ config: { ...CONFIG, notify }, database, queue, log });
  await queue.workDeliveries((id) => notifier.deliver(id));
  const state = async () => {
    const [row] = await database.$queryRaw<{ deferred: number; last_error: string | null; waiting: number }[]>`
      select deferred, last_error, waiting from reporting.notice_channels`;
    return row;
  };
  const passTime = () =>
    database.$executeRaw`update cdd.notice_deferrals set next_try_at = now() - interval '1 second'`;

  await addRefusedAccounts(database, 2);
  await notifier.judge();
  await until(() => mail.mails.length > 0);
  await until(async () => (await state())?.deferred === 2);
  expect(await state()).toEqual({ deferred: 2, last_error: null, waiting: 0 });
  // Before its time, nothing is sent again.
  await notifier.judge();
  expect(await database.noticeDeferral.findMany()).toMatchObject([{ tries: 0 }]);

  deferred.splice(0, 1);
  // One that was removed from the configuration meanwhile.
  await database.$executeRaw`update cdd.notice_deferrals set recipients = recipients || 'removed@example.com'::text`;
  await passTime();
  await notifier.judge();
  await until(async () => (await state())?.deferred === 1);
  expect(mail.mails.map(({ recipients }) => recipients)).toEqual([['a@example.com'], [LATER]]);
  const sentParts = (part: RegExp) => new Set(mail.mails.map(({ text }) => part.exec(text)?.[0]));
  expect(sentParts(/^Message-ID: <.*$/m).size).toBe(1);
  expect(sentParts(/\r\n\r\n.*$/s).size).toBe(1);
  expect(mail.mails[1]?.text).toContain('To: a@example.com, later@example.com, full@example.com');
  expect(await state()).toMatchObject({ deferred: 1, last_error: null });

  for (let tries = 1; tries < 8; tries += 1) {
    await passTime();
    await notifier.deliver('mail');
  }
  expect(await state()).toEqual({
    deferred: 0,
    last_error: expect.stringMatching(
      /^1 recipient did not get message [-0-9a-f]{36}: .* answered 450: it cannot take messages now\.$/,
    ),
    waiting: 0,
  });
  expect(mail.mails).toHaveLength(2);
  expect(texts()).toEqual([
    'info mail: The server refused 2 recipients for now (450). The message is sent to them again for a day.',
    'info told mail',
    'info told 1 recipient of mail that the server had refused',
    expect.stringMatching(/^warn mail: 1 recipient did not get message /),
  ]);
});
