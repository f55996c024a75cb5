// Compares the functions cases_as_of and backlog_as_of with the reference.

import { backlogAsOf, casesAsOf } from '../reference/as-of.ts';
import type { CaseHistory } from '../reference/case-history.ts';
import { formatInstant, HOUR, type Instant } from '../reference/instant.ts';
import type { Row } from '../reference/row.ts';
import { deriveHistories } from './case-histories.ts';
import { readDatabaseFacts } from './database-facts.ts';
import type { ReadTransaction } from './read-transaction.ts';
import { rowDifferences } from './row-differences.ts';
import type { Snapshot, SyncHistory } from './sync-history.ts';

/** Queries both functions; without `knownAt` the parameter known_at keeps its default. */
export async function queryAsOf(
  { rows }: ReadTransaction,
  at: Instant,
  knownAt?: Instant,
): Promise<{ cases: Row[]; backlog: Row[] }> {
  const times = [at, ...(knownAt === undefined ? [] : [knownAt])].map(formatInstant);
  const parameters = knownAt === undefined ? '$1::timestamptz' : '$1::timestamptz, known_at => $2::timestamptz';
  return {
    cases: await rows(`select * from reporting.cases_as_of(${parameters})`, times),
    backlog: await rows(`select * from reporting.backlog_as_of(${parameters})`, times),
  };
}

/** Lists the differences from the reference, by the knowledge of each snapshot and by that of now. */
export async function asOfDifferences({ snapshots, last, reader }: SyncHistory): Promise<string[]> {
  return reader.read(async (transaction) => {
    const facts = await readDatabaseFacts(transaction);
    const found: string[] = [];
    const compare = async (snapshot: Snapshot, knownAt?: Instant) => {
      const histories = deriveHistories(snapshot, facts, transaction.now);
      for (const at of instantsOf(histories, snapshot.knownAt)) {
        const { cases, backlog } = await queryAsOf(transaction, at, knownAt);
        const title = `as of ${formatInstant(at)}, known at ${formatInstant(snapshot.knownAt)}`;
        const byCase = { key: ['account_id', 'case_id'], expected: casesAsOf(at, histories), got: cases };
        const byStatus = { key: ['account_id', 'status'], expected: backlogAsOf(at, histories), got: backlog };
        found.push(...rowDifferences(`cases ${title}`, byCase), ...rowDifferences(`backlog ${title}`, byStatus));
      }
    };
    for (const snapshot of snapshots) await compare(snapshot, snapshot.knownAt);
    await compare(last);
    return found;
  });
}

/** Instants of some transitions and disappearances, to the microsecond, and instants at which nothing happened. */
function instantsOf(histories: readonly CaseHistory[], knownAt: Instant): Instant[] {
  const sample = <T>(all: readonly T[]) => all.filter((_, index) => index % Math.ceil(all.length / 2) === 0);
  const ofTransitions = sample(histories.flatMap(({ transitions }) => transitions.map(({ at }) => at)));
  const ofGone = sample(histories.flatMap(({ goneAt }) => goneAt ?? []));
  return [knownAt, knownAt - 24 * HOUR, knownAt - 90 * 24 * HOUR, ...ofTransitions, ...ofGone];
}
