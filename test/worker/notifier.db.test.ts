import { describe, expect, onTestFinished } from 'vitest';
import type { Channel } from '../../src/config/notify.ts';
import { NOTICE_KINDS } from '../../src/model/notice.ts';
import { deliver } from '../../src/notify/deliver.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { type Database, openDatabase } from '../../src/store/postgres/pool.ts';
import { Notifier } from '../../src/worker/notifier.ts';
import { RunQueue } from '../../src/worker/queue.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { recordingLog } from '../support/log-lines.ts';
import { addRefusedAccounts } from '../support/notices.ts';
import { type Answer, startMailServer, startReceiver } from '../support/receivers.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';
import { until } from '../support/until.ts';

const IDS = ['P10000001', 'P10000002', 'P10000003'];
const SECRET = 'a-secret-of-at-least-24-letters';

const webhook = (url: string): Channel => ({ id: 'ops', type: 'webhook', url, secret: SECRET });

/** A replica's notifier. It judges and works when the test says so, and its queue delivers. */
async function startReplica(databaseUrl: string, channels: Channel[], { isWorking = true } = {}) {
  const { log, texts } = recordingLog();
  const database = openDatabase(databaseUrl, { connections: 3 });
  const queue = await RunQueue.start({ databaseUrl, schemaExists: false, onError: () => {} });
  const rules = [{ on: [...NOTICE_KINDS], to: channels.map(({ id }) => id) }];
  const server = { host: '127.0.0.1', port: 0, url: 'https://cdd.example.com', viewers: [] };
  const notifier = new Notifier({
    config: { notify: { channels, rules }, timezone: 'Europe/Oslo', server },
    database,
    queue,
    log,
  });
  if (isWorking) await queue.workDeliveries((channel) => notifier.deliver(channel));
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await notifier.stop();
    await queue.stop();
    await database.close();
  };
  onTestFinished(stop);
  return { notifier, texts, stop };
}

const addAccounts = (database: Database) =>
  saveAccounts(
    database,
    IDS.map((id) => sandboxAccount(id)),
  );

async function setLate(database: Database, ids: readonly string[], isLate: boolean): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set stale_at = now() + ${isLate ? -60 : 600} * interval '1 minute', next_due_at = now() + ${isLate ? -120 : 60} * interval '1 minute'
    where id = any(${[...ids]}::text[])`;
}

/** Lets the time pass after which an end is told. */
const settle = (database: Database) =>
  database.$executeRaw`update cdd.notices set ending_since = ending_since - interval '20 minutes' where ending_since is not null`;

/** Lets the pause between two messages pass, and the delay of a job. */
async function passPause(database: Database): Promise<void> {
  await database.$executeRaw`update cdd.notice_channels set next_try_at = null`;
  await database.$executeRaw`update pgboss.job set start_after = now() where name = 'notify' and state in ('created', 'retry')`;
}

/** The channels as readers see them. */
const channels = (database: Database) =>
  database.$queryRaw<{ channel: string; failures: number; last_error: string | null; waiting: number }[]>`
    select * from reporting.notice_channels order by channel`;

const waiting = (database: Database) => database.noticeItem.count({ where: { sentAt: null } });

describe('replicas', () => {
  test('that judge and deliver at the same time send one message, by each channel', async ({
    db: { url, database },
  }) => {
    await addRefusedAccounts(database, 1001);
    const receiver = await startReceiver();
    const mail = await startMailServer();
    const both: Channel[] = [
      webhook(receiver.url),
      {
        id: 'mail',
        type: 'email',
        host: '127.0.0.1',
        port: mail.port,
        security: 'none',
        password: null,
        from: 'a@b.c',
        to: ['d@e.f'],
      },
    ];
    const replicas = [await startReplica(url, both), await startReplica(url, both)];
    for (let round = 0; round < 3; round += 1) await Promise.all(replicas.map(({ notifier }) => notifier.judge()));
    await until(async () => (await waiting(database)) === 0);
    expect(receiver.received).toHaveLength(1);
    expect(mail.mails).toHaveLength(1);
    const { title, items, items_left_out: leftOut } = JSON.parse(receiver.received[0]?.body ?? '');
    expect(title).toBe('Runs of 1,001 accounts fail: Dintero refuses the client id or secret (AUTH)');
    expect([items.length, leftOut]).toEqual([1000, 1]);
    expect(mail.mails[0]?.text).toContain('and 991 more accounts');
    const told = replicas.flatMap(({ texts }) => texts());
    expect(told.filter((text) => text === 'info told ops')).toHaveLength(1);
    expect(await channels(database)).toMatchObject([
      { channel: 'mail', down_since: null, waiting: 0 },
      { channel: 'ops', down_since: null, failures: 0, waiting: 0, last_sent_at: expect.any(Date) },
    ]);
    const proof = await database.$queryRaw<{ items: number; messages: number }[]>`
      select count(*)::integer as items, count(distinct message_id)::integer as messages
      from reporting.notices
      where sent_at is not null and channel = 'ops'`;
    expect(proof).toEqual([{ items: 1001, messages: 1 }]);
  });

  test('that die between judging and delivering leave the message to another', async ({ db: { url, database } }) => {
    await addAccounts(database);
    await setLate(database, IDS.slice(0, 1), true);
    const receiver = await startReceiver();
    const dead = await startReplica(url, [webhook(receiver.url)], { isWorking: false });
    await dead.notifier.judge();
    await dead.stop();
    expect([await waiting(database), receiver.received.length]).toEqual([1, 0]);
    const other = await startReplica(url, [webhook(receiver.url)]);
    await until(async () => (await waiting(database)) === 0);
    await other.notifier.judge();
    expect(receiver.received).toHaveLength(1);
  });

  test('that die after sending lead to the same message with the same id', async ({ db: { url, database } }) => {
    await addAccounts(database);
    await setLate(database, IDS, true);
    const receiver = await startReceiver();
    const channel = webhook(receiver.url);
    const dead = await startReplica(url, [channel], { isWorking: false });
    await dead.notifier.judge();
    // The server takes the message, and Postgres is away when that is recorded.
    const lost = openDatabase(url, { connections: 2 });
    const recording = Object.assign(Object.create(lost), { transact: () => Promise.reject(new Error('gone')) });
    const surroundings = { baseUrl: null, timezone: 'UTC' };
    await expect(deliver(recording, channel, surroundings)).rejects.toThrow('gone');
    expect(await deliver(database, channel, surroundings)).toMatchObject({ outcome: 'sent', items: 3 });
    expect(await deliver(database, channel, surroundings)).toEqual({ outcome: 'nothing' });
    await lost.close();
    const [first, second] = receiver.received;
    expect(receiver.received).toHaveLength(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
  });
});

describe('a channel', () => {
  test('that was down is told one line a state of everything that was missed, and what is over as over', async ({
    db: { url, database },
  }) => {
    await addAccounts(database);
    let answer: Answer = { status: 503 };
    const receiver = await startReceiver(() => answer);
    const { notifier, texts } = await startReplica(url, [webhook(receiver.url)]);
    await setLate(database, IDS.slice(0, 2), true);
    await notifier.judge();
    await until(async () => ((await channels(database))[0]?.failures ?? 0) > 0);
    // One is over while the channel is down, another is new.
    await setLate(database, IDS.slice(0, 1), false);
    await setLate(database, IDS.slice(2), true);
    for (let round = 0; round < 3; round += 1) {
      await notifier.judge();
      await settle(database);
    }
    const [down] = await channels(database);
    expect(down).toMatchObject({
      channel: 'ops',
      waiting: 4,
      waiting_since: expect.any(Date),
      down_since: expect.any(Date),
    });
    expect(down?.last_error).toMatch(/^127\.0\.0\.1:\d+ answered 503 \(ok\): it cannot take messages now\.$/);
    answer = {};
    const failed = receiver.received.length;
    await passPause(database);
    await until(async () => (await waiting(database)) === 0);
    expect(receiver.received).toHaveLength(failed + 1);
    const { items } = JSON.parse(receiver.received.at(-1)?.body ?? '');
    expect(items.map(({ account_id: id, phase }: Record<string, string>) => `${id} ${phase}`).sort()).toEqual([
      'P10000001 over',
      'P10000002 began',
      'P10000003 began',
    ]);
    expect(texts()).toEqual([
      expect.stringMatching(
        /^error messages to ops cannot be sent: .* answered 503 .* Waiting messages are kept; it is tried again$/,
      ),
      expect.stringMatching(/^info messages to ops are sent again, after /),
      'info told ops',
    ]);
    expect(texts().join()).not.toContain('s3cret');
  });

  test('gets its messages after the clock was ahead when they failed, or when one was sent', async ({
    db: { url, database },
  }) => {
    await addAccounts(database);
    let answer: Answer = { status: 503 };
    const receiver = await startReceiver(() => answer);
    const { notifier } = await startReplica(url, [webhook(receiver.url)]);
    await setLate(database, IDS.slice(0, 1), true);
    await notifier.judge();
    await until(async () => ((await channels(database))[0]?.failures ?? 0) > 0);
    answer = {};
    await database.$executeRaw`
      update pgboss.job set start_after = now() + interval '3 hours' where name = 'notify' and state = 'retry'`;
    await notifier.judge();
    await until(async () => (await waiting(database)) === 0);
    await database.$executeRaw`update cdd.notice_channels set next_try_at = now() + interval '3 hours'`;
    await setLate(database, IDS.slice(1), true);
    await notifier.judge();
    await until(async () => (await waiting(database)) === 0);
  });

  test('gets what comes within minutes of a message together, in the next one', async ({ db: { url, database } }) => {
    await addAccounts(database);
    const receiver = await startReceiver();
    const { notifier } = await startReplica(url, [webhook(receiver.url)]);
    for (const [number, id] of IDS.entries()) {
      await setLate(database, [id], true);
      await notifier.judge();
      await until(async () => (await waiting(database)) === number);
    }
    expect(receiver.received).toHaveLength(1);
    await passPause(database);
    await notifier.judge();
    await until(async () => (await waiting(database)) === 0);
    expect(receiver.received).toHaveLength(2);
    expect(JSON.parse(receiver.received[1]?.body ?? '').items).toHaveLength(2);
  });

  test('that needs a person is left alone for an hour, and tried when a worker starts', async ({
    db: { url, database },
  }) => {
    await addAccounts(database);
    await setLate(database, IDS, true);
    let answer: Answer = { status: 404, body: 'no_service' };
    const receiver = await startReceiver(() => answer);
    const slack: Channel = { id: 'ops', type: 'slack', url: receiver.url };
    const { notifier, texts, stop } = await startReplica(url, [slack]);
    await notifier.judge();
    await until(async () => ((await channels(database))[0]?.failures ?? 0) > 0);
    await notifier.judge();
    expect(receiver.received).toHaveLength(1);
    expect(texts()).toEqual([
      expect.stringMatching(/answered 404 \(no_service\): the webhook was removed .*Make a new incoming webhook/),
    ]);
    const stored = await database.noticeChannel.findUnique({ where: { channel: 'ops' } });
    expect(stored?.lastError).not.toContain('s3cret');
    expect((stored?.nextTryAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(50 * 60_000);
    await stop();
    answer = {};
    const restarted = await startReplica(url, [slack], { isWorking: false });
    await restarted.notifier.start();
    await restarted.notifier.judge();
    await until(async () => (await waiting(database)) === 0);
    expect(receiver.received).toHaveLength(2);
  });

  test('that the configuration does not have any more loses its waiting messages after a day, with a line', async ({
    db: { url, database },
  }) => {
    await addAccounts(database);
    await setLate(database, IDS, true);
    const receiver = await startReceiver(() => ({ status: 503 }));
    const before = await startReplica(url, [{ ...webhook(receiver.url), id: 'old' }]);
    await before.notifier.judge();
    await before.stop();
    const { notifier, texts } = await startReplica(url, [webhook(receiver.url)], { isWorking: false });
    await notifier.judge();
    expect(await database.noticeItem.count({ where: { channel: 'old' } })).toBe(3);
    await database.$executeRaw`update cdd.notice_items set judged_at = judged_at - interval '25 hours' where channel = 'old'`;
    await notifier.judge();
    expect(await database.noticeItem.count({ where: { channel: 'old' } })).toBe(0);
    expect(texts()).toEqual([expect.stringContaining('warn old is no channel of the configuration any more')]);
  });
});

test('an outage of Postgres delays a message, and its judgement is no line of its own', async ({
  db: { url, database },
}) => {
  await saveAccounts(
    database,
    IDS.map((id) => sandboxAccount(id)),
  );
  await setLate(database, IDS, true);
  const receiver = await startReceiver();
  const { notifier, texts } = await startReplica(url, [webhook(receiver.url)]);
  const name = new URL(url).pathname.slice(1);
  const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name like 'cdd-sync%'`;
  await Promise.all([notifier.judge(), withAdmin(url, (client) => client.query(end))]);
  await until(async () => {
    await notifier.judge();
    return (await waiting(database).catch(() => 1)) === 0 && receiver.received.length > 0;
  });
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(texts().filter((text) => text.startsWith('error'))).toEqual([]);
});

test('a judgement that fails is logged once, and so is that it works again', async ({ db: { url, database } }) => {
  const receiver = await startReceiver();
  const { notifier, texts } = await startReplica(url, [webhook(receiver.url)]);
  await database.$executeRaw`alter table cdd.notices rename to renamed`;
  for (let round = 0; round < 3; round += 1) await notifier.judge();
  await database.$executeRaw`alter table cdd.renamed rename to notices`;
  for (let round = 0; round < 3; round += 1) await notifier.judge();
  expect(texts()).toEqual([
    'error nobody is told of anything, because judging fails; it is tried every minute',
    'info states to tell are judged again',
  ]);
});
