import type { Instant } from './instant.ts';
import { grouped, type Row } from './row.ts';
import { stageOf } from './statuses.ts';
import type { Story } from './story.ts';

/** What reporting.cases_as_of gives; `stories` tell what was known at its `known_at`. */
export function casesAsOf(at: Instant, stories: readonly Story[]): Row[] {
  return stories.flatMap(({ told, moves, goneAt }) => {
    const move = moves.findLast((each) => each.at <= at);
    if (move === undefined || (goneAt !== null && goneAt <= at)) return [];
    return [
      {
        account_id: told.accountId,
        case_id: told.caseId,
        status: move.to,
        stage: stageOf(move.to),
        status_since: move.at,
      },
    ];
  });
}

/** What reporting.backlog_as_of gives. */
export function backlogAsOf(at: Instant, stories: readonly Story[]): Row[] {
  return grouped(casesAsOf(at, stories), (row) => `${row.account_id} ${row.status}`).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [{ account_id: first.account_id ?? null, status: first.status ?? null, cases: group.length }];
  });
}
