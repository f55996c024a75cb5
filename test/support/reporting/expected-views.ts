// Computes the expected rows of every view with the reference.

import { backlogDaily, backlogSpans } from '../reference/backlog.ts';
import { businessHoursOf } from '../reference/business-hours.ts';
import { createCalendar } from '../reference/calendar.ts';
import type { CaseHistory } from '../reference/case-history.ts';
import { caseRow } from '../reference/case-rows.ts';
import { changeRows } from '../reference/case-versions.ts';
import { decisionRows } from '../reference/decisions.ts';
import { eventRows, periodRows, problemRows, transitionRows } from '../reference/event-rows.ts';
import { flowDaily } from '../reference/flow.ts';
import { runRow } from '../reference/freshness.ts';
import { linkedCases } from '../reference/linked-cases.ts';
import { decisionTimesMonthly, funnelMonthly } from '../reference/monthly.ts';
import { openCaseAging } from '../reference/open-case-aging.ts';
import { type ReviewSettings, reviewRows } from '../reference/periodic-reviews.ts';
import { reportedHistories } from '../reference/plausible.ts';
import { type RetentionSettings, retentionRows } from '../reference/retention.ts';
import type { Row } from '../reference/row.ts';
import { targetRows } from '../reference/target-rows.ts';
import { timelineRows } from '../reference/timeline.ts';
import { transitionMatrix } from '../reference/transition-matrix.ts';
import { caseVersions, deriveHistories, requireFact } from './case-histories.ts';
import { caseKey, type DatabaseFacts } from './database-facts.ts';
import { expectedAccounts, expectedFreshness, expectedQuality } from './expected-accounts.ts';
import type { Context } from './expected-context.ts';
import { expectedFacts } from './expected-facts.ts';
import type { SyncedLists } from './sync-history.ts';

/** What a migrated database has. */
const DEFAULT_REVIEWS: ReviewSettings = { everyMonths: 60, dueSoonDays: 60, rules: [] };
const DEFAULT_RETENTION: RetentionSettings = { cases: { years: null, rules: [] } };

/** The expected rows of a view, and the columns that identify a row. */
type Expectation = { key: readonly string[]; expected: Row[] };

/** Returns the expected rows of all views, by view. */
export function expectedViews(synced: SyncedLists, context: Context): Record<string, Expectation> {
  const { facts, settings, now } = context;
  const histories = deriveHistories(synced.last, facts, now);
  const reported = reportedHistories(histories, now);
  const calendar = createCalendar(settings.timezone);
  const firstSeenAt = ({ document }: CaseHistory) => requireFact(facts.firstSeenAt, caseKey(document));
  return {
    ...expectedOfCases(synced, histories, context),
    ...expectedOfVersions(synced, context),
    backlog_daily: { key: ['day', 'account_id', 'status'], expected: backlogDaily(reported, calendar, now) },
    backlog_spans: {
      key: ['first_day', 'account_id', 'status'],
      expected: backlogSpans(backlogDaily(reported, calendar, now)),
    },
    flow_daily: { key: ['day', 'account_id'], expected: flowDaily(reported, calendar, now) },
    funnel_monthly: { key: ['month', 'account_id'], expected: funnelMonthly(reported, calendar) },
    decision_times_monthly: {
      key: ['month', 'account_id', 'route'],
      expected: decisionTimesMonthly(reported, calendar),
    },
    transition_matrix: { key: ['account_id', 'from_status', 'to_status'], expected: transitionMatrix(reported) },
    open_case_aging: {
      key: ['account_id', 'status', 'bucket'],
      expected: openCaseAging(histories, { now, firstSeenAt }),
    },
    sync_runs: { key: ['account_id', 'id'], expected: facts.runs.map((run) => runRow(run, now)) },
    data_quality: { key: ['account_id', 'check_name'], expected: expectedQuality(synced, histories, context) },
    linked_cases: {
      key: ['account_id', 'case_id', 'other_account_id', 'other_case_id'],
      expected: linkedCases(histories, now),
    },
    accounts: { key: ['account_id'], expected: expectedAccounts(synced, histories, context) },
    sync_freshness: { key: ['account_id'], expected: expectedFreshness(synced, histories, context) },
  };
}

function expectedOfCases(synced: SyncedLists, histories: CaseHistory[], { facts, settings, now }: Context) {
  const rowsOf = (rows: (history: CaseHistory, recorded: (name: number | string) => string) => Row[]) =>
    histories.flatMap((history) => rows(history, (name) => `${caseKey(history.document)} ${name}`));
  const labels = new Map(synced.accounts.map(({ id, label }) => [id, label]));
  const caseRows = rowsOf((history, named) => {
    const key = caseKey(history.document);
    const firstRecorded = (eventId: number) => requireFact(facts.eventFirstRecorded, named(eventId));
    const context = {
      now,
      label: labels.get(history.document.accountId) ?? null,
      firstSeenAt: requireFact(facts.firstSeenAt, key),
      sameCase: sameCaseRows(histories, history, facts),
    };
    return [caseRow(history, { ...context, firstRecorded })];
  });
  const events = rowsOf((history, named) => eventRows(history, (id) => requireFact(facts.eventRecorded, named(id))));
  const transitions = rowsOf((history, named) =>
    transitionRows(history, (sequence) => requireFact(facts.transitionRecorded, named(sequence))),
  );
  const business = businessHoursOf(settings.timezone, settings.reports?.calendar ?? null);
  const bySequence = ['account_id', 'case_id', 'sequence'];
  const { timezone, reports: { reviews = DEFAULT_REVIEWS } = {}, retention = DEFAULT_RETENTION } = settings;
  const reviewContext = { now, timezone, reviews };
  return {
    cases: { key: ['account_id', 'case_id'], expected: caseRows },
    case_problems: { key: ['account_id', 'case_id', 'path'], expected: histories.flatMap(problemRows) },
    case_events: { key: ['account_id', 'case_id', 'event_id'], expected: events },
    status_transitions: { key: bySequence, expected: transitions },
    status_periods: { key: bySequence, expected: rowsOf((history) => periodRows(history, business, now)) },
    decisions: {
      key: ['account_id', 'case_id', 'number'],
      expected: rowsOf((history) => decisionRows(history, business, now)),
    },
    periodic_reviews: {
      key: ['account_id', 'case_id'],
      expected: rowsOf((history) => reviewRows(history, reviewContext)),
    },
    retention: {
      key: ['account_id', 'case_id'],
      expected: retentionRows(histories, { now, timezone, retention }),
    },
    // Periods of a case that begin and end at the same instant have equal rows.
    status_targets: {
      key: ['account_id', 'case_id', 'status', 'entered_at', 'left_at'],
      expected: rowsOf((history) => targetRows(history, settings.statusTargets, { business, now })),
    },
  };
}

function expectedOfVersions(synced: SyncedLists, { facts, settings, now }: Context) {
  const versions = caseVersions(synced.snapshots, facts, now);
  return {
    case_facts: { key: ['case_key', 'fact', 'recorded_at'], expected: expectedFacts(versions, settings) },
    case_changes: { key: ['case_key', 'revision', 'field'], expected: versions.flatMap(changeRows) },
    case_timeline: {
      key: ['case_key', 'recorded_at', 'kind', 'event_id', 'title'],
      expected: versions.flatMap(timelineRows),
    },
  };
}

/** The rows of all accounts with the case of a history. */
function sameCaseRows(histories: CaseHistory[], { document: { caseId } }: CaseHistory, facts: DatabaseFacts) {
  return histories
    .filter(({ document }) => document.caseId === caseId)
    .map(({ document }) => ({
      accountId: document.accountId,
      firstSeenAt: requireFact(facts.firstSeenAt, caseKey(document)),
    }));
}
