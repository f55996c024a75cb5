import type { NoticeKind } from '../../model/notice.ts';

/** The address of a list with more accounts than this would be too long. */
const MOST_ACCOUNTS = 10;
const MOST_CASES = 10;

const LISTS: Partial<Record<NoticeKind, readonly string[]>> = {
  unknown_status: ['stage=unknown&state=open'],
  target_breached: ['target=breached&state=open'],
  review_due: ['review=overdue', 'review=due_soon'],
  erasure_due: ['retention=due&state=all'],
};

type Place = { accountId: string; caseIds: readonly string[] };

/** Pages about these accounts and this kind: path and query. Of lost approvals the pages of some cases. */
export function pathsOf(kind: NoticeKind, places: readonly Place[]): string[] {
  const cases = places.flatMap(({ accountId, caseIds }) => caseIds.map((id) => `/cases/${accountId}/${id}`));
  if (kind === 'approval_lost') return cases.slice(0, MOST_CASES);
  const accountIds = places.map(({ accountId }) => accountId);
  const [first = '', ...others] = accountIds;
  const lists = LISTS[kind];
  if (lists === undefined) return [others.length === 0 ? `/accounts/${first}` : '/accounts'];
  const accounts = accountIds.length <= MOST_ACCOUNTS ? accountIds.map((id) => `&account=${id}`).join('') : '';
  return lists.map((list) => `/cases?${list}${accounts}`);
}
