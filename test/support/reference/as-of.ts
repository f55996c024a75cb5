import type { CaseHistory } from './case-history.ts';
import type { Instant } from './instant.ts';
import { grouped, type Row } from './row.ts';
import { stageOf } from './statuses.ts';

/** Computes the rows of reporting.cases_as_of; `histories` have only facts known at `known_at`. */
export function casesAsOf(at: Instant, histories: readonly CaseHistory[]): Row[] {
  return histories.flatMap(({ document, transitions, goneAt }) => {
    const transition = transitions.findLast((each) => each.at <= at);
    if (transition === undefined || (goneAt !== null && goneAt <= at)) return [];
    return [
      {
        account_id: document.accountId,
        case_id: document.caseId,
        status: transition.to,
        stage: stageOf(transition.to),
        status_since: transition.at,
      },
    ];
  });
}

/** Computes the rows of reporting.backlog_as_of. */
export function backlogAsOf(at: Instant, histories: readonly CaseHistory[]): Row[] {
  return grouped(casesAsOf(at, histories), (row) => JSON.stringify([row.account_id, row.status])).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { account_id = null, status = null, stage } = first;
    const isOpen = ['applicant', 'review', 'error', 'unknown'].includes(String(stage));
    return [{ account_id, status, cases: group.length, is_open: isOpen }];
  });
}
