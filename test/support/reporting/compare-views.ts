import { readDatabaseFacts } from './database-facts.ts';
import type { ReportSettings } from './expected-context.ts';
import { expectedViews } from './expected-views.ts';
import type { ReadTransaction } from './read-transaction.ts';
import { rowDifferences } from './row-differences.ts';
import type { SyncedLists, SyncHistory } from './sync-history.ts';

/** Lists the differences between the views (all, or those named) and the reference. */
export async function viewDifferences(
  synced: SyncHistory,
  settings: ReportSettings,
  views?: readonly string[],
): Promise<string[]> {
  return synced.reader.read((transaction) => viewDifferencesIn(transaction, synced, settings, views));
}

/** The same in an open transaction. */
export async function viewDifferencesIn(
  transaction: ReadTransaction,
  synced: SyncedLists,
  settings: ReportSettings,
  views?: readonly string[],
): Promise<string[]> {
  const facts = await readDatabaseFacts(transaction);
  const found: string[] = [];
  for (const [view, expectation] of Object.entries(expectedViews(synced, { facts, settings, now: transaction.now }))) {
    if (views?.includes(view) === false) continue;
    const got = await transaction.rows(`select * from reporting.${view}`);
    found.push(...rowDifferences(view, { ...expectation, got }));
  }
  return found;
}
