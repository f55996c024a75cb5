import { type Calendar, daysBetween } from './calendar.ts';
import type { CaseHistory } from './case-history.ts';
import type { Instant } from './instant.ts';
import { grouped, type Row } from './row.ts';
import { stageOf } from './statuses.ts';

type Step = { accountId: string; status: string; day: string; kind: 'entered' | 'exited' };

/** Computes the rows of reporting.backlog_daily: one a day for each account and status, from its first day to today. */
export function backlogDaily(histories: readonly CaseHistory[], calendar: Calendar, now: Instant): Row[] {
  const steps = histories.flatMap((history) => stepsOf(history, calendar));
  return grouped(steps, ({ accountId, status }) => `${accountId} ${status}`).flatMap((ofStatus) =>
    daysOf(ofStatus, calendar.dayOf(now)),
  );
}

/** Computes the rows of reporting.backlog_spans: a span begins on a day on which a case entered or left the status. */
export function backlogSpans(days: readonly Row[]): Row[] {
  const spans: Row[] = [];
  for (const { day = null, entered, exited, ...span } of days) {
    const last = spans.at(-1);
    const isSame = last?.account_id === span.account_id && last?.status === span.status;
    if (last !== undefined && isSame && entered === 0 && exited === 0) last.last_day = day;
    else spans.push({ first_day: day, last_day: day, ...span });
  }
  return spans;
}

/** Entries into and exits from statuses by a case; none after the case is gone. */
function stepsOf({ document: { accountId }, transitions, goneAt }: CaseHistory, { dayOf }: Calendar): Step[] {
  const counting = transitions.filter(({ at }) => goneAt === null || at < goneAt);
  const steps = counting.flatMap(({ from, to, at }): Step[] => {
    const entered: Step = { accountId, status: to, day: dayOf(at), kind: 'entered' };
    return from === null ? [entered] : [{ accountId, status: from, day: dayOf(at), kind: 'exited' }, entered];
  });
  const last = counting.at(-1);
  if (goneAt !== null && last !== undefined) {
    steps.push({ accountId, status: last.to, day: dayOf(goneAt), kind: 'exited' });
  }
  return steps;
}

function daysOf(steps: Step[], today: string): Row[] {
  const [first] = steps.toSorted((one, other) => (one.day < other.day ? -1 : 1));
  if (first === undefined) return [];
  const byDay = Map.groupBy(steps, ({ day }) => day);
  let cases = 0;
  return daysBetween(first.day, today).map((day) => {
    const ofDay = byDay.get(day) ?? [];
    const entered = ofDay.filter(({ kind }) => kind === 'entered').length;
    const exited = ofDay.length - entered;
    cases += entered - exited;
    return {
      day,
      account_id: first.accountId,
      status: first.status,
      stage: stageOf(first.status),
      cases,
      entered,
      exited,
      is_open: ['applicant', 'review', 'error', 'unknown'].includes(stageOf(first.status)),
    };
  });
}
