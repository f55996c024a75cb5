// The reports after every run of a history, and the answers that were given before.
import type pg from 'pg';
import { casesAsOf } from '../reference/as-of.ts';
import { formatInstant, type Instant, parseInstant } from '../reference/instant.ts';
import type { Row } from '../reference/row.ts';
import { deriveHistories } from '../reporting/case-histories.ts';
import { viewDifferencesIn } from '../reporting/compare-views.ts';
import { readDatabaseFacts } from '../reporting/database-facts.ts';
import type { ReportSettings } from '../reporting/expected-context.ts';
import { type ReadTransaction, readInTransaction } from '../reporting/read-transaction.ts';
import { rowDifferences } from '../reporting/row-differences.ts';
import type { ReportedAccount, Snapshot } from '../reporting/sync-history.ts';
import type { Facts } from './claims.ts';
import { instant, type StoredRows } from './stored-rows.ts';
import { ACCOUNT_IDS } from './worker.ts';

export const SETTINGS: ReportSettings = {
  timezone: 'Europe/Oslo',
  statusTargets: { UNDER_MANUAL_REVIEW: 48 },
  // Some cases of the histories ended longer ago.
  retention: { cases: { years: 1, rules: [] } },
};

export const ACCOUNTS: readonly ReportedAccount[] = Object.values(ACCOUNT_IDS).map((id) => ({
  id,
  label: null,
  schedule: '0 * * * *',
}));

/** A question about a time, as it was known at a time, and its answer. */
type Answer = { at: Instant; knownAt: Instant; cases: Row[] };

/** Everything that was reported before. */
export type Reported = { snapshots: Snapshot[]; answers: Answer[] };

const ASKED = ['2025-03-01T10:00:00Z', '2025-06-30T21:59:59.999999Z'].flatMap((text) => parseInstant(text) ?? []);

/** The snapshot of all facts. */
function snapshotOf(facts: Facts, rows: StoredRows): Snapshot {
  const all = [...facts].flatMap(([accountId, { cases }]) =>
    [...cases].map(([id, { fields }]) => [`${accountId} ${id}`, fields] as const),
  );
  const missing = rows.cases.filter((row) => row.missing_since !== null);
  return {
    knownAt: instant(rows.now),
    documents: new Map(all),
    missingSince: new Map(missing.map((row) => [`${row.account_id} ${row.id}`, instant(row.missing_since)])),
  };
}

/** Views with figures that are computed when a run ends; a killed one leaves them as they were. */
const ROLLED_UP =
  /^(backlog_daily|backlog_spans|flow_daily|funnel_monthly|decision_times_monthly|transition_matrix|data_quality):/;

/**
 * Compares all views with the reference, and asks all questions again that were asked before. `isBehind`: an account's
 * last run was killed.
 */
export async function reportDifferences(
  client: pg.Client,
  { reported, facts, rows, isBehind }: { reported: Reported; facts: Facts; rows: StoredRows; isBehind: boolean },
): Promise<string[]> {
  const last = snapshotOf(facts, rows);
  reported.snapshots.push(last);
  const unreadable = [...facts].flatMap(([id, { rejected }]) =>
    [...rejected.values()].filter(({ isListed }) => isListed).map(() => id),
  );
  const synced = { accounts: ACCOUNTS, snapshots: reported.snapshots, last, unreadable };
  const isFinal = (line: string) => !(isBehind && ROLLED_UP.test(line));
  return readInTransaction(client, async (transaction) => [
    ...(await viewDifferencesIn(transaction, synced, SETTINGS)).filter(isFinal),
    ...(await changedAnswers(transaction, reported)),
    ...(await newAnswers(transaction, { reported, last })),
  ]);
}

async function changedAnswers(transaction: ReadTransaction, { answers }: Reported): Promise<string[]> {
  const again = await ask(transaction, answers);
  return answers.flatMap(({ at, knownAt, cases }, index) =>
    rowDifferences(`cases as of ${formatInstant(at)}, asked again for known_at ${formatInstant(knownAt)}`, {
      key: ['account_id', 'case_id'],
      expected: cases,
      got: again[index] ?? [],
    }),
  );
}

/** Asks the questions of this moment. While a killed run counts as running, not everything is final. */
async function newAnswers(
  transaction: ReadTransaction,
  { reported, last }: { reported: Reported; last: Snapshot },
): Promise<string[]> {
  const [known] = await transaction.rows('select reporting.known_until() as at');
  const knownAt = Number(known?.at);
  const questions = [...ASKED, knownAt].map((at) => ({ at, knownAt }));
  const answers = await ask(transaction, questions);
  reported.answers.push(...questions.map((question, index) => ({ ...question, cases: answers[index] ?? [] })));
  if (knownAt < last.knownAt) return [];
  const histories = deriveHistories(last, await readDatabaseFacts(transaction), transaction.now);
  return questions.flatMap(({ at }, index) =>
    rowDifferences(`cases as of ${formatInstant(at)}`, {
      key: ['account_id', 'case_id'],
      expected: casesAsOf(at, histories),
      got: answers[index] ?? [],
    }),
  );
}

/** The answers of cases_as_of to all questions, in one query. */
async function ask({ rows }: ReadTransaction, questions: readonly Omit<Answer, 'cases'>[]): Promise<Row[][]> {
  const times = [questions.map(({ at }) => formatInstant(at)), questions.map(({ knownAt }) => formatInstant(knownAt))];
  const found = await rows(
    `select question.number, answer.*
     from unnest($1::timestamptz[], $2::timestamptz[]) with ordinality as question (at, known_at, number)
     cross join lateral reporting.cases_as_of(question.at, question.known_at) as answer`,
    times,
  );
  return questions.map((_, index) =>
    found.filter(({ number }) => number === index + 1).map(({ number: _, ...answer }) => answer),
  );
}
