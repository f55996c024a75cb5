import { verifyAccounts } from '../../../src/ledger/verify/verify.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { enableAccounts } from '../reporting/random-history.ts';
import type { Step } from './history.ts';
import { type Failure, playHistory } from './play.ts';
import { ACCOUNTS, SETTINGS } from './reports.ts';
import { connect, deleteAll } from './stored-rows.ts';
import { type Mutation, startWorker } from './worker.ts';

/** Plays histories, one after the other, on one database. */
export async function openPlayer({ url, database }: { url: string; database: Database }, mutate?: Mutation) {
  const client = await connect(url);
  const worker = await startWorker(database, mutate);
  await applyReportSettings(database, SETTINGS);
  return {
    async play(history: readonly Step[]): Promise<Failure | null> {
      await deleteAll(client);
      await enableAccounts(database, ACCOUNTS);
      const failure = await playHistory(history, { client, worker });
      if (failure !== null || mutate !== undefined) return failure;
      const differences = await verifyDifferences(database);
      return differences.length === 0 ? null : { step: history.length, differences };
    },
    async [Symbol.asyncDispose]() {
      await worker.close();
      await client.end();
    },
  };
}

/** What `verify` says of an honest history: nothing. */
async function verifyDifferences(database: Database): Promise<string[]> {
  const asked = { accountIds: [], published: [], most: 9, signal: new AbortController().signal, onProgress: () => {} };
  const verified = await verifyAccounts(database, asked);
  return verified.flatMap(({ findings }) => findings.kept.map((one) => JSON.stringify(one)));
}
