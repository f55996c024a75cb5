// Real runs against a sandbox, with faults.
import { syncParts } from '../../../src/app.ts';
import type { RunRow } from '../../../src/model/run.ts';
import { SyncError } from '../../../src/model/sync-error.ts';
import type { Fault as SandboxFault } from '../../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { type SyncParts, sync } from '../../../src/sync/run.ts';
import { jumpingClock } from '../list-server.ts';
import { apiSettings, sandboxAccount } from '../sandbox-account.ts';
import { GUARD } from './closing.ts';
import type { AccountLetter, Fault, Run } from './history.ts';

export const ACCOUNT_IDS: Readonly<Record<AccountLetter, string>> = { P: 'P12345678', T: 'T12345678' };

/** Changes the parts of a run, to put in a mistake on purpose. */
export type Mutation = (parts: SyncParts, database: Database) => SyncParts;

export type Worker = Awaited<ReturnType<typeof startWorker>>;

/** A worker of both accounts, and the sandbox that it reads from. */
export async function startWorker(database: Database, mutate: Mutation = (parts) => parts) {
  const accounts = Object.values(ACCOUNT_IDS).map((id) => ({ id, name: id }));
  const sandbox = await startSandbox({ casesPerAccount: 0, accounts });
  const partsOf = (personalData: Run['personalData']) => {
    const { dintero, ...parts } = syncParts(
      { api: apiSettings(sandbox.url), concurrency: 4, personalData, missingGuard: GUARD },
      // Without a lease, the next run takes over from a killed one at once.
      { database, clock: jumpingClock(Date.now()), leaseMs: 0 },
    );
    return { parts: mutate(parts, database), close: () => dintero.close() };
  };
  const settings = { keep: partsOf('keep'), drop: partsOf('drop'), minimal: partsOf('minimal') };
  return {
    /** Makes the list of an account equal to this JSON text. */
    serve: (account: AccountLetter, text: string) => sandbox.world.serve(ACCOUNT_IDS[account], text),
    /** Runs a sync; null for a worker that is killed in it. `size` of the list in bytes. */
    async sync(run: Run, size: number): Promise<RunRow | null> {
      addFault(sandbox, run, size);
      const { parts } = settings[run.personalData];
      const row = await syncOnce(run, withFault(parts, run.fault));
      sandbox.faults.clear();
      return row;
    },
    async close() {
      for (const { close } of Object.values(settings)) close();
      await sandbox.close();
    },
  };
}

async function syncOnce({ sync: letter, filter, contracts, acceptMissing }: Run, parts: SyncParts) {
  const products = filter ? ['payout'] : [];
  const { filters } = sandboxAccount(ACCOUNT_IDS[letter]);
  const account = sandboxAccount(ACCOUNT_IDS[letter], {
    filters: { ...filters, products },
    includeContracts: contracts,
  });
  const { signal } = new AbortController();
  try {
    const row = await sync({ account, trigger: 'manual', acceptMissing, signal }, parts);
    if (row === null) throw new Error(`${account.id} is locked`);
    return row;
  } catch (error) {
    if (error instanceof Killed) return null;
    throw error;
  }
}

class Killed extends Error {}

/** Parts that fail where the database or the worker does. */
function withFault(parts: SyncParts, fault: Fault): SyncParts {
  const { destination } = parts;
  const fail = (error: Error) => async () => {
    throw error;
  };
  const lost = new SyncError('DATABASE', 'the connection was lost');
  const failing: Partial<Record<Fault, Partial<SyncParts['destination']>>> = {
    'database lost before a batch': { saveBatch: fail(lost) },
    'database lost after a batch': { saveBatch: (run, batch) => destination.saveBatch(run, batch).then(fail(lost)) },
    'killed before a batch': { saveBatch: fail(new Killed()) },
    'killed before closing': { closeRun: fail(new Killed()) },
  };
  return { ...parts, destination: { ...destination, ...failing[fault] } };
}

function addFault({ faults }: Sandbox, { sync: letter, fault }: Run, size: number): void {
  const afterBytes = Math.max(1, Math.floor(size * 0.6));
  const orders: Partial<Record<Fault, { fault: SandboxFault; times: number }>> = {
    'errors at first': { fault: { kind: 'status', status: 503 }, times: 2 },
    'broken off once': { fault: { kind: 'cutOff', afterBytes }, times: 1 },
    'no etag': { fault: { kind: 'noEtag' }, times: 1 },
    errors: { fault: { kind: 'status', status: 500 }, times: Number.POSITIVE_INFINITY },
    forbidden: { fault: { kind: 'status', status: 403 }, times: Number.POSITIVE_INFINITY },
    'broken off': { fault: { kind: 'cutOff', afterBytes }, times: Number.POSITIVE_INFINITY },
    'cut off': { fault: { kind: 'truncated', afterBytes }, times: Number.POSITIVE_INFINITY },
    'no JSON at the end': { fault: { kind: 'brokenJson' }, times: Number.POSITIVE_INFINITY },
  };
  const order = orders[fault];
  if (order !== undefined) faults.add({ endpoint: 'list', account: ACCOUNT_IDS[letter], ...order });
}
