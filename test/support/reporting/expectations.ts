// What every view must say of a past, by the reference.
import { type Facts, keyOf } from './facts.ts';
import type { Past } from './past.ts';
import { backlogDaily } from './reference/backlog.ts';
import { calendarOf } from './reference/calendar.ts';
import { caseRow } from './reference/case-rows.ts';
import { eventRows, periodRows, targetRows, transitionRows } from './reference/event-rows.ts';
import { flowDaily } from './reference/flow.ts';
import { freshnessRow, runRow } from './reference/freshness.ts';
import type { Instant } from './reference/instant.ts';
import { decisionTimesMonthly, funnelMonthly } from './reference/months.ts';
import { openCaseAging, transitionMatrix } from './reference/present.ts';
import { qualityRows } from './reference/quality.ts';
import type { Row } from './reference/row.ts';
import type { Story } from './reference/story.ts';
import type { ToldCase } from './reference/told.ts';
import { found, storiesOf } from './stories.ts';

export type ReportSettings = { timezone: string; statusTargets: Readonly<Record<string, number>> };

/** What a view must say, and by which columns its rows are told apart. */
type Expectation = { key: readonly string[]; expected: Row[] };

export type Surroundings = { facts: Facts; settings: ReportSettings; now: Instant };

export function expectedViews(past: Past, surroundings: Surroundings): Record<string, Expectation> {
  const { facts, settings, now } = surroundings;
  const stories = storiesOf(past.last, facts, now);
  const calendar = calendarOf(settings.timezone);
  const firstSeenAt = ({ told }: Story) => found(facts.firstSeenAt, keyOf(told));
  return {
    ...expectedOfCases(past, stories, surroundings),
    backlog_daily: { key: ['day', 'account_id', 'status'], expected: backlogDaily(stories, calendar, now) },
    flow_daily: { key: ['day', 'account_id'], expected: flowDaily(stories, calendar) },
    funnel_monthly: { key: ['month', 'account_id'], expected: funnelMonthly(stories, calendar) },
    decision_times_monthly: {
      key: ['month', 'account_id', 'route'],
      expected: decisionTimesMonthly(stories, calendar),
    },
    transition_matrix: { key: ['account_id', 'from_status', 'to_status'], expected: transitionMatrix(stories) },
    open_case_aging: {
      key: ['account_id', 'status', 'bucket'],
      expected: openCaseAging(stories, { now, firstSeenAt }),
    },
    sync_runs: { key: ['account_id', 'id'], expected: facts.runs.map((run) => runRow(run, now)) },
    data_quality: { key: ['account_id', 'check_name'], expected: expectedQuality(past, stories, surroundings) },
    sync_freshness: { key: ['account_id'], expected: expectedFreshness(past, stories, surroundings) },
  };
}

function expectedOfCases(past: Past, stories: Story[], { facts, settings, now }: Surroundings) {
  const rowsOf = (rows: (story: Story, recorded: (name: number | string) => string) => Row[]) =>
    stories.flatMap((story) => rows(story, (name) => `${keyOf(story.told)} ${name}`));
  const labels = new Map(past.accounts.map(({ id, label }) => [id, label]));
  const caseRows = rowsOf((story, named) => {
    const key = keyOf(story.told);
    const firstRecorded = (eventId: number) => found(facts.eventFirstRecorded, named(eventId));
    const about = { now, label: labels.get(story.told.accountId) ?? null, firstSeenAt: found(facts.firstSeenAt, key) };
    return [caseRow(story, { ...about, firstRecorded })];
  });
  const events = rowsOf((story, named) => eventRows(story, (id) => found(facts.eventRecorded, named(id))));
  const transitions = rowsOf((story, named) =>
    transitionRows(story, (sequence) => found(facts.transitionRecorded, named(sequence))),
  );
  const stay = ['account_id', 'case_id', 'sequence'];
  return {
    cases: { key: ['account_id', 'case_id'], expected: caseRows },
    case_events: { key: ['account_id', 'case_id', 'event_id'], expected: events },
    status_transitions: { key: stay, expected: transitions },
    status_periods: { key: stay, expected: rowsOf(periodRows) },
    // Several stays of a case can begin and end at one and the same instant; then their rows are equal.
    status_targets: {
      key: ['account_id', 'case_id', 'status', 'entered_at', 'left_at'],
      expected: rowsOf((story) => targetRows(story, settings.statusTargets, now)),
    },
  };
}

function expectedFreshness({ accounts }: Past, stories: Story[], { facts, now }: Surroundings): Row[] {
  return accounts.map(({ id, label, intervalSeconds }) => {
    const cases = stories.filter(({ told, missingSince }) => told.accountId === id && missingSince === null).length;
    const lastSuccessAt = facts.lastSuccessAt.get(id) ?? null;
    return freshnessRow({ id, label, lastSuccessAt, intervalSeconds, cases }, facts.runs, now);
  });
}

function expectedQuality(past: Past, stories: Story[], { facts, settings, now }: Surroundings): Row[] {
  const { dayOf } = calendarOf(settings.timezone);
  const ever = past.chapters.flatMap(({ told }) => [...told.values()]);
  const present = eventNames(stories.map(({ told }) => told));
  const vanished = [...eventNames(ever)].filter((name) => !present.has(name));
  return past.accounts.flatMap(({ id }) => {
    const others = stories.filter(({ told }) => told.accountId !== id);
    const account = {
      id,
      unreadable: past.unreadable.filter((each) => each === id).length,
      vanished: vanished.filter((name) => name.startsWith(id)).length,
      firstSeenAt: ({ told }: Story) => found(facts.firstSeenAt, keyOf(told)),
      elsewhere: new Set(others.map(({ told }) => told.caseId)),
      recorded: ({ told }: Story, sequence: number) => found(facts.transitionRecorded, `${keyOf(told)} ${sequence}`),
    };
    return qualityRows(stories, account, { now, dayOf });
  });
}

function eventNames(cases: readonly ToldCase[]): Set<string> {
  return new Set(cases.flatMap((told) => told.events.map(({ id }) => `${keyOf(told)} ${id}`)));
}
