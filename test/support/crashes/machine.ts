// Plays a scenario once undisturbed, and any number of times with a worker that is disturbed at a statement.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxCredentials } from '../../../src/sandbox/accounts.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { temporaryName, urlOf, withAdmin } from '../admin.ts';
import { type EndState, readEndState } from './end-state.ts';
import { newestRuns } from './invariants.ts';
import { startProxy } from './proxy.ts';
import { ACCOUNT, type Scenario } from './scenarios.ts';
import { kindsOf, type Statement } from './statements.ts';
import { startWorker } from './victim.ts';
import { type Order, runCommand } from './worker-process.ts';

/** No heartbeat is sent unless a scenario wants some: how many there are would be a matter of time. */
const NO_HEARTBEAT_MS = 3_600_000;

/** A scenario that was played once undisturbed. */
export type Recorded = AsyncDisposable & {
  statements: Statement[];
  exitCode: number | null;
  endState: EndState;
  newestRuns: string[];
  /** Times since then are times of the commands. */
  since: Date;
  order: Omit<Order, 'url' | 'lease'> & { heartbeatMs: number };
  /** A new copy of the database that the command finds. */
  copy: () => Promise<{ url: string; drop: () => Promise<void> }>;
};

/** Prepares a scenario on a server and plays it undisturbed. */
export async function record(server: string, scenario: Scenario): Promise<Recorded> {
  await using resources = new AsyncDisposableStack();
  const sandbox = await startSandbox({
    start: '2024-03-01T06:00:00.000Z',
    accounts: [{ id: ACCOUNT, name: 'Acme' }],
  });
  resources.defer(() => sandbox.close());
  const folder = await mkdtemp(join(tmpdir(), 'cdd-sync-crashes-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'cdd-sync.yaml'), configuration(sandbox));
  const template = await createDatabase(server);
  resources.defer(() => template.drop());

  const { command, heartbeatMs = NO_HEARTBEAT_MS } = scenario;
  const order = { command, folder, heartbeatMs };
  const sync = async () => {
    const lease = { leaseMs: 30_000, heartbeatMs };
    await runCommand({ command: 'sync', url: template.url, folder, lease }, () => {});
  };
  await scenario.prepare({ url: template.url, sandbox, folder, sync });
  const since = await databaseTime(server);
  const copy = () => createDatabase(server, template.name);

  const undisturbed = await copy();
  resources.defer(() => undisturbed.drop());
  await using proxy = await startProxy(undisturbed.url, null);
  const worker = startWorker({ ...order, url: proxy.url, lease: { leaseMs: 30_000, heartbeatMs } });
  const exitCode = await worker.exit;
  const recorded = {
    statements: chosen(kindsOf(proxy.statements), scenario),
    exitCode,
    endState: await readEndState(undisturbed.url, since),
    newestRuns: command === 'sync' ? await newestRuns(undisturbed.url) : [],
    since,
    order,
    copy,
  };
  const keep = resources.move();
  return {
    ...recorded,
    [Symbol.asyncDispose]: () => keep.disposeAsync(),
  };
}

function chosen(statements: Statement[], { from, only }: Scenario): Statement[] {
  const first = from === undefined ? 0 : statements.findIndex(({ text }) => from.test(text));
  if (first === -1) throw new Error(`${from} did not pass`);
  return statements.slice(first).filter(({ text }) => only === undefined || only.test(text));
}

function configuration(sandbox: Sandbox): string {
  const { clientId, clientSecret } = sandboxCredentials(ACCOUNT);
  return [
    `api: { baseUrl: "${sandbox.url}" }`,
    'accounts:',
    `  - { id: ${ACCOUNT}, clientId: "${clientId}", clientSecret: "${clientSecret}" }`,
  ].join('\n');
}

async function createDatabase(server: string, template = 'template0') {
  const name = temporaryName('test');
  await withAdmin(server, (admin) => admin.query(`create database ${name} template ${template} strategy file_copy`));
  const drop = () => withAdmin(server, async (admin) => void (await admin.query(`drop database ${name} with (force)`)));
  return { name, url: urlOf(server, name), drop };
}

async function databaseTime(server: string): Promise<Date> {
  return withAdmin(server, async (admin) => (await admin.query('select clock_timestamp() as now')).rows[0].now);
}
