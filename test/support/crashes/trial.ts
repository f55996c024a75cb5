// One trial: a worker is disturbed at a statement, another one does its work, and the end is as if nothing had happened.
import { openDatabase } from '../../../src/store/postgres/pool.ts';
import { openRun } from '../../../src/store/runs/open-run.ts';
import { withAdmin } from '../admin.ts';
import { until } from '../until.ts';
import { type Disturbance, frozenDirections, goOn, survives } from './disturbances.ts';
import { differencesOf, readEndState, readVersions } from './end-state.ts';
import { newestRuns, violations } from './invariants.ts';
import type { Recorded } from './machine.ts';
import { type Moment, startProxy, type WorkerProxy } from './proxy.ts';
import { ACCOUNT } from './scenarios.ts';
import type { Statement } from './statements.ts';
import { startWorker, type Worker } from './victim.ts';
import { runCommand } from './worker-process.ts';

/** A trial waits for it. */
const LEASE_MS = 500;
/** Of the program (app.ts): the idle timeout of a transaction must be shorter. */
const PROGRAM_LEASE_MS = 30_000;

export type Trial = { statement: Statement; moment: Moment; disturbance: Disturbance };

/** Kills the server of a trial, and starts it again. */
export type ServerControl = { kill: () => Promise<void>; start: () => Promise<void> };

/** Plays a trial. Returns a line for each difference from the undisturbed run. */
export async function play(recorded: Recorded, trial: Trial, server: ServerControl | null): Promise<string[]> {
  const { statement, moment, disturbance } = trial;
  const { heartbeatMs, ...order } = recorded.order;
  const lease = { leaseMs: LEASE_MS, heartbeatMs };
  const copy = await recorded.copy();
  const target = { ...statement, moment, frozen: frozenDirections(disturbance, moment) };
  await using proxy = await startProxy(copy.url, target);
  const worker = startWorker({ ...order, url: proxy.url, lease });
  try {
    const isReached = await Promise.race([proxy.reached.then(() => true), worker.exit.then(() => false)]);
    if (!isReached) return [`the statement did not pass; the worker said: ${worker.log()}`];
    await disturb(disturbance, { worker, proxy, server });
    const found: string[] = [];
    const isOpen = order.command === 'sync' && (await hasOpened(copy.url, recorded.since));
    if (order.command === 'sync') {
      if (await takesOverEarly(copy.url)) found.push('another worker took over before the lease was over');
      await leaseIsOver(copy.url);
      await proxy.passTime(PROGRAM_LEASE_MS);
    }
    const lines: string[] = [];
    const code = await runCommand({ ...order, url: copy.url, lease }, (line) => lines.push(line));
    if (code !== recorded.exitCode) found.push(`exit code ${code} instead of ${recorded.exitCode}`);
    if (lines.some((line) => line.includes('waiting until another run'))) found.push('it had to wait for the run');
    if (survives(disturbance)) {
      const writes = await writesOf(worker, { url: copy.url, disturbance, proxy });
      // A worker that had not opened its run yet may do so, and then write.
      if (isOpen) found.push(...writes);
    }
    if (disturbance !== 'kill' && (await worker.exit) === null)
      found.push('the disturbed worker did not end by itself');
    found.push(...(await differences(copy.url, recorded)));
    if (found.length > 0) found.push(`log: ${lines.join('')}`, `log of the disturbed worker: ${worker.log()}`);
    return found;
  } finally {
    worker.kill('SIGCONT');
    worker.kill('SIGKILL');
    await worker.exit;
    await copy.drop();
  }
}

type Parts = { worker: Worker; proxy: WorkerProxy; server: ServerControl | null };

async function disturb(disturbance: Disturbance, { worker, proxy, server }: Parts): Promise<void> {
  if (disturbance === 'kill') {
    worker.kill('SIGKILL');
    await worker.exit;
  } else if (disturbance === 'stop') {
    worker.kill('SIGSTOP');
  } else if (disturbance === 'postgres') {
    await server?.kill();
    proxy.disconnect();
    await worker.exit;
    await server?.start();
  }
}

/** Whether a run that is running would be taken over if the lease were an hour. */
async function takesOverEarly(url: string): Promise<boolean> {
  const database = openDatabase(url, { connections: 1 });
  try {
    const isRunning = (await database.syncRun.count({ where: { state: 'running' } })) > 0;
    const request = { accountId: ACCOUNT, trigger: 'manual', leaseMs: 3_600_000 } as const;
    return isRunning && (await openRun(database, request)) !== null;
  } finally {
    await database.close();
  }
}

/** Waits until the heartbeat of every run is older than the lease. */
async function leaseIsOver(url: string): Promise<void> {
  await withAdmin(url, (client) =>
    until(async () => {
      const { rowCount } = await client.query(
        `select from cdd.sync_runs
         where state = 'running' and heartbeat_at >= clock_timestamp() - $1 * interval '1 millisecond'`,
        [LEASE_MS],
      );
      return rowCount === 0;
    }),
  );
}

/** Whether a run has begun since. */
async function hasOpened(url: string, since: Date): Promise<boolean> {
  return withAdmin(url, async (client) => {
    const { rowCount } = await client.query('select from cdd.sync_runs where started_at >= $1', [since]);
    return rowCount !== 0;
  });
}

/** Lets the worker go on, and returns a line for each row that it writes. */
async function writesOf(worker: Worker, parts: { url: string; disturbance: Disturbance; proxy: WorkerProxy }) {
  const before = await readVersions(parts.url);
  goOn(parts.disturbance, worker, parts.proxy);
  await worker.exit;
  return differencesOf(before, await readVersions(parts.url)).map(
    (line) => `written by the worker that went on: ${line}`,
  );
}

async function differences(url: string, recorded: Recorded): Promise<string[]> {
  const found = differencesOf(recorded.endState, await readEndState(url, recorded.since));
  if (recorded.order.command !== 'sync') return found;
  found.push(...(await violations(url)));
  const runs = await newestRuns(url);
  if (runs.join() !== recorded.newestRuns.join()) found.push(`newest runs: ${runs} instead of ${recorded.newestRuns}`);
  return found;
}
