import type { NoticeKind } from '../../model/notice.ts';

/** The address of a list with more accounts than this would be too long. */
const MOST_ACCOUNTS = 10;

const LISTS: Partial<Record<NoticeKind, readonly string[]>> = {
  unknown_status: ['stage=unknown&state=open'],
  target_breached: ['target=breached&state=open'],
  review_due: ['review=overdue', 'review=due_soon'],
};

/** Pages about these accounts and this kind: path and query. Of a lost approval the page of the case. */
export function pathsOf(kind: NoticeKind, accountIds: readonly string[], caseIds: readonly string[]): string[] {
  const [first = '', ...others] = accountIds;
  if (kind === 'approval_lost' && others.length === 0) return caseIds.map((id) => `/cases/${first}/${id}`);
  const lists = LISTS[kind];
  if (lists === undefined) return [others.length === 0 ? `/accounts/${first}` : '/accounts'];
  const accounts = accountIds.length <= MOST_ACCOUNTS ? accountIds.map((id) => `&account=${id}`).join('') : '';
  return lists.map((list) => `/cases?${list}${accounts}`);
}
