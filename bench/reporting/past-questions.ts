import type { Question } from './questions.ts';

/** The last day of a month is reported on the first of the next one; a month later, some of it is known better. */
const REPORTED_AT = `(date_trunc('month', now()) - interval '1 month')`;
/** Longest times for an answer: about everything, an account of some 30,000 cases, and a year, in milliseconds. */
const EVERYTHING = 2000;
const ACCOUNT = 100;
const SERIES = 3000;

/** The state of all cases at the end of a month, as known then. */
function asOf(view: string, select: string): Question[] {
  const from = `from reporting.${view}(${REPORTED_AT}, known_at => ${REPORTED_AT})`;
  return [
    {
      view,
      scope: 'one account',
      sql: `select ${select} ${from} where account_id = $account group by 1`,
      atMost: ACCOUNT,
    },
    { view, scope: 'everything', sql: `select ${select} ${from} group by 1`, atMost: EVERYTHING },
  ];
}

/** The month before, which was reported then. */
const REPORTED_MONTH = `(date_trunc('month', now()) - interval '2 months')::date`;

/** A month of a report, as known when it was reported: for all accounts, and for those that a report is about. */
function asKnown(view: string, filter: string): Question[] {
  const sql = `select * from reporting.${view}(${REPORTED_AT}) where ${filter}`;
  return [
    { view, scope: 'all, one month', sql, atMost: EVERYTHING },
    { view, scope: 'production, one month', sql: `${sql} and account_id like 'P%'`, atMost: EVERYTHING },
  ];
}

/** Questions about the past, as it was known in the past. */
export const PAST_QUESTIONS: readonly Question[] = [
  ...asOf('cases_as_of', 'status, count(*)'),
  ...asOf('backlog_as_of', 'status, sum(cases)'),
  {
    view: 'backlog_series',
    scope: 'all, 12 month-ends',
    sql: `
      select day, status, sum(cases)
      from reporting.backlog_series((${REPORTED_AT} - interval '11 months')::date, ${REPORTED_AT}::date, 'month')
      group by day, status`,
    atMost: SERIES,
  },
  ...asKnown('flow_as_known', `day >= ${REPORTED_MONTH} and day < ${REPORTED_AT}::date`),
  ...asKnown('funnel_as_known', `month = ${REPORTED_MONTH}`),
  ...asKnown('decision_times_as_known', `month = ${REPORTED_MONTH}`),
  ...asKnown('restatements', `month = ${REPORTED_MONTH}`),
];
