// The reports by day and month, as they were and as they are asked for again.
import { createCalendar } from '../reference/calendar.ts';
import type { CaseHistory } from '../reference/case-history.ts';
import { flowDaily } from '../reference/flow.ts';
import { formatInstant, type Instant } from '../reference/instant.ts';
import { decisionTimesMonthly, funnelMonthly } from '../reference/monthly.ts';
import { reportedHistories } from '../reference/plausible.ts';
import { flowCompared } from '../reference/restatements.ts';
import type { Row } from '../reference/row.ts';
import { deriveHistories } from './case-histories.ts';
import type { DatabaseFacts } from './database-facts.ts';
import type { ReadTransaction } from './read-transaction.ts';
import { rowDifferences } from './row-differences.ts';
import type { Snapshot } from './sync-history.ts';

/** Each function, with the view that it asks again and the columns that identify a row. */
const REPORTS = [
  { name: 'flow_as_known', view: 'flow_daily', key: ['day', 'account_id'] },
  { name: 'funnel_as_known', view: 'funnel_monthly', key: ['month', 'account_id'] },
  { name: 'decision_times_as_known', view: 'decision_times_monthly', key: ['month', 'account_id', 'route'] },
] as const;

export type Answers = Record<(typeof REPORTS)[number]['name'], Row[]>;

const RESTATEMENTS_KEY = ['month', 'account_id', 'figure'];

/** Queries the three views. */
export async function queryReports({ rows }: ReadTransaction): Promise<Answers> {
  return answersOf((report) => rows(`select * from reporting.${report.view}`));
}

/** Queries the three functions; without `knownAt` the parameter known_at keeps its default. */
export async function queryAsKnown({ rows }: ReadTransaction, knownAt?: Instant): Promise<Answers> {
  const parameters = knownAt === undefined ? [] : [formatInstant(knownAt)];
  const argument = knownAt === undefined ? '' : 'known_at => $1::timestamptz';
  return answersOf(({ name }) => rows(`select * from reporting.${name}(${argument})`, parameters));
}

/** Computes the answers from the documents of a snapshot. */
export function expectedAsKnown(snapshot: Snapshot, facts: DatabaseFacts, timezone: string): Answers {
  const calendar = createCalendar(timezone);
  const reported = reportedAt(snapshot, facts);
  return {
    flow_as_known: flowDaily(reported, calendar, snapshot.knownAt),
    funnel_as_known: funnelMonthly(reported, calendar),
    decision_times_as_known: decisionTimesMonthly(reported, calendar),
  };
}

/** Lists how answers differ from the expected ones; of columns, too, that only one side has. */
export function answerDifferences(expected: Answers, got: Answers): string[] {
  return REPORTS.flatMap(({ name, key }) => rowDifferences(name, { key, expected: expected[name], got: got[name] }));
}

/** Compares reporting.flow_compared and restatements with the reference, from one snapshot to another. */
export async function restatementDifferences(
  { rows }: ReadTransaction,
  { from, to, facts, timezone }: { from: Snapshot; to: Snapshot; facts: DatabaseFacts; timezone: string },
): Promise<{ expected: Row[]; differences: string[] }> {
  const all = flowCompared(reportedAt(from, facts), reportedAt(to, facts), createCalendar(timezone));
  const expected = all.filter(({ difference }) => difference !== 0);
  const times = [from, to].map(({ knownAt }) => formatInstant(knownAt));
  const differencesOf = async (name: string, wanted: Row[], call: string, parameters: unknown[] = times) => {
    const got = await rows(`select * from reporting.${call}`, parameters);
    return rowDifferences(name, { key: RESTATEMENTS_KEY, expected: wanted, got });
  };
  const month = all.map((row) => row.month).toSorted()[Math.floor(all.length / 2)] ?? '2026-01-01';
  return {
    expected,
    differences: [
      ...(await differencesOf('restatements', expected, 'restatements($1::timestamptz, $2::timestamptz)')),
      ...(await differencesOf('flow_compared', all, 'flow_compared($1::timestamptz, $2::timestamptz)')),
      ...(await differencesOf(
        'flow_compared of a month',
        all.filter((row) => row.month === month),
        'flow_compared($1::timestamptz, $2::timestamptz, $3::date, $3::date)',
        [...times, month],
      )),
    ],
  };
}

function reportedAt(snapshot: Snapshot, facts: DatabaseFacts): CaseHistory[] {
  return reportedHistories(deriveHistories(snapshot, facts, snapshot.knownAt), snapshot.knownAt);
}

async function answersOf(ask: (report: (typeof REPORTS)[number]) => Promise<Row[]>): Promise<Answers> {
  const [flow_as_known, funnel_as_known, decision_times_as_known] = [
    await ask(REPORTS[0]),
    await ask(REPORTS[1]),
    await ask(REPORTS[2]),
  ];
  return { flow_as_known, funnel_as_known, decision_times_as_known };
}
