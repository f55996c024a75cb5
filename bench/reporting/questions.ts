import { PAST_QUESTIONS } from './past-questions.ts';

/**
 * A dashboard's query of one view. `$account` is replaced by one account, quoted: by one of some 30,000 cases if the
 * question has a bound of its own (`atMost`, in milliseconds), else by the largest. `$case` is replaced by the key of the
 * case with the most transitions of that account.
 */
export type Question = { view: string; scope: string; sql: string; atMost?: number };

const YEAR = `now() - interval '12 months'`;

/** The same query for one account and for all of them. */
function bothScopes(view: string, ask: (filter: string) => string): Question[] {
  return [
    { view, scope: 'one account', sql: ask('account_id = $account') },
    { view, scope: 'all, 12 months', sql: ask('true') },
  ];
}

/** Every account from the first day on: the largest query of the views by day and month. */
function everything(view: string, sql: string): Question {
  return { view, scope: 'everything', sql };
}

export const QUESTIONS: readonly Question[] = [
  ...bothScopes(
    'cases',
    (filter) => `
      select country_code, first_decision, count(*), avg(hours_to_decision), avg(review_hours)
      from reporting.cases
      where ${filter} and opened_at >= ${YEAR}
      group by country_code, first_decision`,
  ),
  {
    view: 'cases',
    scope: 'all, worst 100',
    sql: `select * from reporting.cases where is_open order by hours_in_status desc limit 100`,
  },
  {
    view: 'cases',
    scope: 'all, changed since',
    sql: `select count(*) from reporting.cases where changed_at > now() - interval '1 hour' and changed_at <= now()`,
  },
  { view: 'cases', scope: 'all, each once', sql: 'select count(*) from reporting.cases where is_primary and is_open' },
  ...bothScopes('accounts', (filter) => `select * from reporting.accounts where ${filter}`),
  ...bothScopes(
    'case_events',
    (filter) => `
      select event, count(*)
      from reporting.case_events
      where ${filter} and occurred_at >= ${YEAR}
      group by event`,
  ),
  ...bothScopes(
    'status_transitions',
    (filter) => `
      select to_status, direction, count(*), avg(hours_in_from_status)
      from reporting.status_transitions
      where ${filter} and occurred_at >= ${YEAR}
      group by to_status, direction`,
  ),
  ...bothScopes(
    'status_periods',
    (filter) => `
      select status, count(*), avg(hours)
      from reporting.status_periods
      where ${filter} and entered_at >= ${YEAR}
      group by status`,
  ),
  ...bothScopes(
    'status_periods, business hours',
    (filter) => `
      select status, count(*), avg(business_hours)
      from reporting.status_periods
      where ${filter} and entered_at >= ${YEAR}
      group by status`,
  ),
  ...bothScopes(
    'status_targets',
    (filter) => `
      select status, state, count(*)
      from reporting.status_targets
      where ${filter} and entered_at >= ${YEAR}
      group by status, state`,
  ),
  ...bothScopes(
    'backlog_daily',
    (filter) => `
      select day, status, sum(cases)
      from reporting.backlog_daily
      where ${filter} and day >= (${YEAR})::date
      group by day, status`,
  ),
  everything('backlog_daily', 'select day, status, sum(cases) from reporting.backlog_daily group by day, status'),
  ...bothScopes(
    'flow_daily',
    (filter) => `
      select day, sum(opened), sum(decided), sum(approved), sum(declined), sum(reopened), sum(left_active)
      from reporting.flow_daily
      where ${filter} and day >= (${YEAR})::date
      group by day`,
  ),
  everything('flow_daily', 'select day, sum(opened), sum(decided) from reporting.flow_daily group by day'),
  ...bothScopes(
    'funnel_monthly',
    (filter) => `select * from reporting.funnel_monthly where ${filter} and month >= (${YEAR})::date`,
  ),
  everything('funnel_monthly', 'select * from reporting.funnel_monthly'),
  ...bothScopes(
    'decision_times_monthly',
    (filter) => `select * from reporting.decision_times_monthly where ${filter} and month >= (${YEAR})::date`,
  ),
  everything('decision_times_monthly', 'select * from reporting.decision_times_monthly'),
  ...bothScopes(
    'decisions',
    (filter) => `
      select decision, route, is_first, count(*), avg(hours)
      from reporting.decisions
      where ${filter} and decided_at >= ${YEAR}
      group by decision, route, is_first`,
  ),
  everything(
    'decisions',
    'select decision, route, count(*), avg(hours) from reporting.decisions group by decision, route',
  ),
  ...bothScopes(
    'periodic_reviews',
    (filter) => `
      select date_trunc('month', due_at), state, rule, count(*)
      from reporting.periodic_reviews
      where ${filter}
      group by date_trunc('month', due_at), state, rule`,
  ),
  {
    view: 'periodic_reviews',
    scope: 'all, due next quarter',
    sql: `
      select * from reporting.periodic_reviews
      where due_at < now() + interval '3 months'
      order by due_at
      limit 100`,
  },
  ...bothScopes(
    'retention',
    (filter) => `select state, count(*), min(keep_until) from reporting.retention where ${filter} group by state`,
  ),
  {
    view: 'retention',
    scope: 'all, due',
    sql: `select count(*), min(keep_until) from reporting.retention where state = 'due'`,
  },
  ...bothScopes(
    'linked_cases',
    (filter) => `select declined_before, count(*) from reporting.linked_cases where ${filter} group by declined_before`,
  ),
  ...bothScopes('transition_matrix', (filter) => `select * from reporting.transition_matrix where ${filter}`),
  ...bothScopes('open_case_aging', (filter) => `select * from reporting.open_case_aging where ${filter}`),
  ...bothScopes('sync_freshness', (filter) => `select * from reporting.sync_freshness where ${filter}`),
  ...bothScopes('sync_runs', (filter) => `select * from reporting.sync_runs where ${filter} and started_at >= ${YEAR}`),
  {
    view: 'case_changes',
    scope: 'one account, 1 month',
    sql: `
      select field, count(*)
      from reporting.case_changes
      where account_id = $account and recorded_at >= now() - interval '1 month'
      group by field`,
  },
  {
    view: 'case_changes',
    scope: 'all, 1 week',
    sql: `
      select field, count(*)
      from reporting.case_changes
      where recorded_at >= now() - interval '1 week'
      group by field`,
  },
  {
    view: 'case_timeline',
    scope: 'one case by its key',
    sql: `
      select *
      from reporting.case_timeline
      where case_key = $case
      order by at, recorded_at, event_id nulls first, kind, title`,
    atMost: 20,
  },
  ...bothScopes('data_quality', (filter) => `select * from reporting.data_quality where ${filter}`),
  ...PAST_QUESTIONS,
];
