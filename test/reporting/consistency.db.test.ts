import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';
import { type ReadTransaction, withReadTransaction } from '../support/reporting/read-transaction.ts';

const SETTINGS = { timezone: 'Europe/Oslo', statusTargets: { UNDER_MANUAL_REVIEW: 48, ACTIVE: 100 } };

/** Claims, each with a query for rows that contradict it. */
const CLAIMS: Record<string, string> = {
  'the backlog of a day is that of the day before plus entries minus exits': `
    select *
    from (
      select
        *,
        lag(cases, 1, 0::bigint) over days as cases_before,
        lag(day, 1, day - 1) over days as day_before,
        lead(day) over days as day_after
      from (select day, account_id, status, cases::bigint, entered::bigint, exited::bigint from reporting.backlog_daily) as backlog
      window days as (partition by account_id, status order by day)
    ) as backlog
    where cases <> cases_before + entered - exited
      or cases < 0
      or day_before <> day - 1
      or (day_after is null and day <> (now() at time zone 'Europe/Oslo')::date)`,
  'the backlog of today counts the cases that are not gone': `
    select account_id, status, backlog.cases, counted.cases as counted
    from (
      select account_id, status, cases
      from reporting.backlog_daily
      where day = (now() at time zone 'Europe/Oslo')::date and cases > 0
    ) as backlog
    full join (
      select account_id, status, count(*) as cases
      from reporting.cases
      where status is not null and deleted_at is null and missing_since is null
      group by account_id, status
    ) as counted using (account_id, status)
    where backlog.cases is distinct from counted.cases`,
  'the backlog of a day equals backlog_as_of its last microsecond': `
    with days as (
      select distinct day, (day + 1)::timestamp at time zone 'Europe/Oslo' - interval '1 microsecond' as its_end
      from reporting.backlog_daily
      where extract(day from day) in (1, 10, 20, 25, 29, 30)
    ),
    as_of as (
      select days.day, answer.*
      from days
      cross join lateral reporting.backlog_as_of(days.its_end) as answer
    )
    select day, account_id, status, backlog.cases, as_of.cases as cases_as_of
    from (
      select day, account_id, status, cases
      from reporting.backlog_daily
      where day in (select day from days) and cases > 0
    ) as backlog
    full join as_of using (day, account_id, status)
    where backlog.cases is distinct from as_of.cases`,
  'the first decision of a case in decisions is that in cases': `
    select case_id, decision.*, case_row.first_decided_at
    from (select * from reporting.decisions where is_first) as decision
    full join (select * from reporting.cases where first_decided_at is not null) as case_row using (account_id, case_id)
    where (decision.decided_at, decision.decision, decision.route, decision.opened_at, decision.hours)
      is distinct from (
        case_row.first_decided_at, case_row.first_decision, case_row.decision_route, case_row.opened_at,
        case_row.hours_to_decision
      )`,
  'a case in stage approved or declined has one current decision, and no other case has one': `
    select case_id, case_row.stage, decision.decision
    from (select * from reporting.decisions where is_current) as decision
    full join (select * from reporting.cases where stage in ('approved', 'declined')) as case_row
      using (account_id, case_id)
    where decision.decision is distinct from case_row.stage`,
  'cases_as_of now equals cases': `
    (
      select account_id, case_id, status, stage, status_since from reporting.cases
      where status is not null and deleted_at is null and missing_since is null
      except
      select account_id, case_id, status, stage, status_since from reporting.cases_as_of(now())
    )
    union all
    (
      select account_id, case_id, status, stage, status_since from reporting.cases_as_of(now())
      except
      select account_id, case_id, status, stage, status_since from reporting.cases
      where status is not null and deleted_at is null and missing_since is null
    )`,
  'the periods of a case follow each other, and the last one has its current status': `
    select *
    from (
      select
        period.*,
        lead(period.entered_at) over (partition by account_id, case_id order by period.sequence) as next_at,
        lead(period.status) over (partition by account_id, case_id order by period.sequence) as next_status,
        case_row.status as status_now,
        case_row.status_since
      from reporting.status_periods as period
      join reporting.cases as case_row using (account_id, case_id)
    ) as period
    where left_at is distinct from next_at
      or status = next_status
      or is_current <> (left_at is null)
      or (is_current and (status, entered_at) is distinct from (status_now, status_since))
      or hours < 0`,
};

/** Pairs of queries that must give the same number. */
const EQUAL_NUMBERS: Record<string, [string, string]> = {
  opened: ['select sum(opened) from reporting.flow_daily', 'select count(opened_at) from reporting.cases'],
  'opened by month': [
    'select sum(opened) from reporting.funnel_monthly',
    'select count(opened_at) from reporting.cases',
  ],
  decided: ['select sum(decided) from reporting.flow_daily', 'select count(first_decided_at) from reporting.cases'],
  'decided by month opened': [
    'select sum(decided) from reporting.funnel_monthly',
    'select count(first_decided_at) from reporting.cases',
  ],
  'decided by month decided': [
    'select sum(decided) from reporting.decision_times_monthly',
    'select count(first_decided_at) from reporting.cases',
  ],
  approved: ['select sum(approved) from reporting.flow_daily', 'select count(first_approved_at) from reporting.cases'],
  'approved by month': [
    'select sum(approved) from reporting.funnel_monthly',
    'select count(first_approved_at) from reporting.cases',
  ],
  reopened: ['select sum(reopened) from reporting.flow_daily', 'select sum(times_reopened) from reporting.cases'],
  'left active': [
    'select sum(left_active) from reporting.flow_daily',
    'select sum(times_left_active) from reporting.cases',
  ],
  transitions: [
    'select sum(transitions) from reporting.transition_matrix',
    'select sum(transitions) from reporting.cases',
  ],
  periods: ['select count(*) from reporting.status_periods', 'select count(*) from reporting.status_transitions'],
  'hours of the applicant and of reviews': [
    `select sum(hours) from reporting.status_periods where stage in ('applicant', 'review')`,
    'select sum(applicant_hours) + sum(review_hours) from reporting.cases',
  ],
  'entered and not exited': [
    'select sum(entered) - sum(exited) from reporting.backlog_daily',
    'select sum(cases) from reporting.backlog_as_of(now())',
  ],
  'open cases': [
    'select sum(cases) from reporting.open_case_aging',
    'select count(*) from reporting.cases where is_open',
  ],
  'still open': [
    'select sum(still_open) from reporting.funnel_monthly',
    'select count(*) from reporting.cases where is_open and opened_at is not null',
  ],
  targets: [
    'select count(*) from reporting.status_targets',
    `select count(*) from reporting.status_periods where status in ('UNDER_MANUAL_REVIEW', 'ACTIVE')`,
  ],
  events: [
    'select count(*) from reporting.case_events',
    'select count(*) from cdd.case_events where superseded_at is null',
  ],
  cases: ['select count(*) from reporting.cases', 'select count(*) from cdd.cases'],
};

/** Runs a query that gives one number. */
async function queryNumber({ rows }: ReadTransaction, sql: string): Promise<number> {
  const [row] = await rows(`select (${sql})::numeric as number`);
  return Number(row?.number);
}

describe('after random changes', () => {
  test('the views agree with each other', async ({ db }) => {
    await applyReportSettings(db.database, SETTINGS);
    const synced = await makeRandomHistory(db, { seed: 20, steps: 5, cases: 50, changes: 60, backdated: false });
    await withReadTransaction(db.url, async (transaction) => {
      for (const [title, sql] of Object.entries(CLAIMS)) expect.soft(await transaction.rows(sql), title).toEqual([]);
      for (const [title, [one, other]] of Object.entries(EQUAL_NUMBERS)) {
        const number = await queryNumber(transaction, other);
        expect.soft(number, title).toBeGreaterThan(0);
        expect.soft(await queryNumber(transaction, one), title).toBeCloseTo(number, 2);
      }
    });
    await synced.rig.close();
  });
});
