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
      return playHistory(history, { client, worker });
    },
    async [Symbol.asyncDispose]() {
      await worker.close();
      await client.end();
    },
  };
}
