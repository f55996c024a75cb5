import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { secretVariables, startCli, writeConfig } from '../support/cli.ts';
import { test } from '../support/database.ts';
import { expireHeartbeats } from '../support/dead-worker.ts';
import { ACCOUNT } from '../support/rig.ts';
import { until } from '../support/until.ts';

const PARTNER = 'P11200000';
const HOOK_SECRET = 'a-hook-secret-of-the-tests';

/** A worker process with an HTTP server and a discovering partner. Its schedule ticks once a year. */
async function startService(url: string) {
  const sandbox = await startSandbox({ casesPerAccount: 20 });
  const { clientId } = sandboxCredentials(PARTNER);
  const cwd = await writeConfig(
    sandbox.url,
    [ACCOUNT],
    [
      '    webhookSecret: ${HOOK_SECRET}',
      'schedule: "0 0 1 1 *"',
      'partners:',
      `  - id: ${PARTNER}`,
      `    clientId: ${clientId}`,
      `    clientSecret: \${SECRET_${PARTNER}}`,
      '    discover: true',
    ],
  );
  const env = { DATABASE_URL: url, PORT: '0', HOOK_SECRET, ...secretVariables([ACCOUNT, PARTNER]) };
  const worker = startCli(['start'], { cwd, env });
  await worker.waitForOutput('worker started');
  const [, address = ''] = /"server":"([^"]+)"/.exec(worker.stderr()) ?? [];
  return { sandbox, worker, address };
}

/** A worker process that syncs one account every second. */
async function startOneAccount(url: string) {
  const sandbox = await startSandbox({ casesPerAccount: 3 });
  const cwd = await writeConfig(sandbox.url, [ACCOUNT], ['schedule: "* * * * * *"']);
  const env = { DATABASE_URL: url, PORT: '0', ...secretVariables([ACCOUNT]) };
  const worker = startCli(['start'], { cwd, env });
  await worker.waitForOutput('worker started');
  const [, address = ''] = /"server":"([^"]+)"/.exec(worker.stderr()) ?? [];
  return { sandbox, worker, address };
}

describe('start', () => {
  test('syncs the merchants that it discovers, and runs an account once for a genuine webhook', async ({
    db: { url, database },
  }) => {
    const { sandbox, worker, address } = await startService(url);
    const runs = (where: { accountId?: string; trigger?: string }) =>
      database.syncRun.count({ where: { ...where, state: 'succeeded' } });
    for (const accountId of ['P11200001', 'P11200002', ACCOUNT])
      await until(async () => (await runs({ accountId })) > 0);
    expect(await database.account.count({ where: { id: 'P11200003' } })).toBe(0);

    const body = JSON.stringify({
      account_id: ACCOUNT,
      event: 'cdd_case_update',
      somebody: 'whose name is nobody’s business',
    });
    const deliver = async (signature: string, id: string, sent = body) => {
      const headers = { event: 'cdd_case_update', 'event-delivery': id, 'event-signature': signature };
      const answer = await fetch(`${address}/hooks/dintero/${ACCOUNT}`, { method: 'POST', body: sent, headers });
      return answer.status;
    };
    const sign = (text: string) => createHmac('sha1', HOOK_SECRET).update(text).digest('hex');
    const genuine = sign(body);
    const id = randomUUID();
    expect(await deliver(genuine, id)).toBe(202);
    await until(async () => (await runs({ trigger: 'webhook' })) > 0);
    // The queue forgets its jobs after a day; deliveries are remembered longer.
    const jobs = () => database.$queryRaw<unknown[]>`select 1 from pgboss.job where data ->> 'accountId' = ${ACCOUNT}`;
    await until(async () => {
      await database.$executeRaw`delete from pgboss.job where state = 'completed'`;
      return (await jobs()).length === 0;
    });
    // A repeated delivery, also with another id, and two forged ones add no job; the next genuine one makes exactly the
    // second run, after the pause that follows the first.
    expect(await deliver(genuine, id)).toBe(202);
    expect(await deliver(genuine, randomUUID())).toBe(202);
    expect(await jobs()).toEqual([]);
    expect(await deliver(genuine.replace(/^../, '00'), randomUUID())).toBe(401);
    expect(await deliver(genuine.slice(0, 30), randomUUID())).toBe(401);
    expect(await deliver(sign(`${body} `), randomUUID(), `${body} `)).toBe(202);
    expect(await jobs()).toEqual([]);
    await database.$executeRaw`
      update cdd.sync_runs
      set
        started_at = started_at - interval '1 minute',
        heartbeat_at = heartbeat_at - interval '1 minute',
        finished_at = finished_at - interval '1 minute'`;
    await until(async () => (await runs({ trigger: 'webhook' })) >= 2);
    expect(await database.webhookDelivery.count()).toBe(2);

    const ready = await fetch(`${address}/readyz`);
    expect(ready.status).toBe(200);
    expect(await (await fetch(`${address}/metrics`)).text()).toMatch(/cdd_sync_runs_total\{state="succeeded"\} [45]/);
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    expect(await runs({ trigger: 'webhook' })).toBe(2);
    expect(worker.stdout() + worker.stderr()).not.toContain('nobody’s business');
    await sandbox.close();
  });

  test('is not ready while its runs cannot be recorded, says so in log and metrics, and recovers', async ({
    db: { url, database },
  }) => {
    const { sandbox, worker, address } = await startOneAccount(url);
    const ready = async () => {
      const answer = await fetch(`${address}/readyz`);
      return { status: answer.status, text: await answer.text() };
    };
    // A failed job waits longer before each try.
    const isReadyWith = async (status: number) => {
      await database.$executeRaw`update pgboss.job set start_after = now() where state = 'retry'`;
      return (await ready()).status === status;
    };
    await until(async () => (await database.syncRun.count({ where: { state: 'succeeded' } })) > 0);
    expect(await ready()).toMatchObject({ status: 200 });
    await database.$executeRaw`alter table cdd.sync_runs rename column trigger to renamed`;
    await worker.waitForOutput('a job failed outside its run');
    await until(() => isReadyWith(503));
    expect((await ready()).text).toMatch(/"jobs","ok":false,"message":"Postgres at .*trigger.*\(42703\)/);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toMatch(/cdd_sync_jobs_total\{code="DATABASE"\} [1-9]/);
    expect(worker.stderr()).toMatch(/"code":"DATABASE","msg":"P12345678: .*trigger.*\(42703\)/);
    await database.$executeRaw`alter table cdd.sync_runs rename column renamed to trigger`;
    await until(() => isReadyWith(200));
    expect(worker.stderr()).toMatch(/jobs record their runs again, after/);
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    await sandbox.close();
  });

  test('stays ready while the API refuses an account', async ({ db: { url, database } }) => {
    const { sandbox, worker, address } = await startOneAccount(url);
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 404 }, times: Number.POSITIVE_INFINITY });
    await until(async () => (await database.syncRun.count({ where: { state: 'failed' } })) > 4);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(worker.stderr().match(/"code":"NOT_FOUND"/g)).toHaveLength(1);
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    await sandbox.close();
  });

  test('goes on when the reader of its log ends, and counts the lines that are lost', async ({
    db: { url, database },
  }) => {
    const { sandbox, worker, address } = await startOneAccount(url);
    worker.closeStderr();
    sandbox.world.advance({ hours: 200 });
    const lostLines = async () => {
      const metrics = await (await fetch(`${address}/metrics`)).text();
      return Number(/^cdd_sync_log_lines_lost_total (\d+)$/m.exec(metrics)?.[1]);
    };
    await until(async () => (await lostLines()) > 0);
    const before = await database.syncRun.count();
    await until(async () => (await database.syncRun.count()) > before);
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    await sandbox.close();
  });

  test('runs each tick once with three replicas, and takes over the account of a killed replica', async ({
    db: { url, database },
  }) => {
    const sandbox = await startSandbox({ casesPerAccount: 1200 });
    const cwd = await writeConfig(sandbox.url, [ACCOUNT], ['schedule: "*/2 * * * * *"']);
    const env = { DATABASE_URL: url, PORT: '0', ...secretVariables([ACCOUNT]) };
    const replicas = [1, 2, 3].map(() => startCli(['start'], { cwd, env }));
    for (const replica of replicas) await replica.waitForOutput('worker started');
    await until(async () => (await database.syncRun.count({ where: { state: 'succeeded' } })) >= 3);

    // The list stalls after 1,000 items; two replicas, the reading one probably among them, are killed.
    sandbox.world.advance({ hours: 200 });
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'stall', afterItems: 1000 } });
    await until(async () => (await database.syncRun.count({ where: { state: 'running', bytesRead: { gt: 0 } } })) > 0);
    for (const replica of replicas.slice(0, 2)) replica.kill('SIGKILL');
    await expireHeartbeats(database);
    await database.$executeRaw`
      update pgboss.job
      set heartbeat_on = heartbeat_on - interval '1 minute'
      where state = 'active'`;
    sandbox.faults.clear();
    const since = new Date();
    await until(
      async () => (await database.syncRun.count({ where: { state: 'succeeded', startedAt: { gt: since } } })) > 0,
    );
    replicas[2]?.kill('SIGTERM');
    await Promise.all(replicas.map((replica) => replica.exit));

    const [twice] = await database.$queryRaw<{ ticks: number }[]>`
      select count(*)::integer as ticks
      from (
        select data ->> 'dedupeKey'
        from pgboss.job
        where data ->> 'dedupeKey' is not null
        group by 1
        having count(*) > 1
      ) as twice`;
    expect(twice?.ticks).toBe(0);
    await sandbox.close();
  });
});
