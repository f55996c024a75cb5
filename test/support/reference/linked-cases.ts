import { caseColumns } from './case-columns.ts';
import type { CaseHistory } from './case-history.ts';
import type { Instant } from './instant.ts';
import { isPlausible } from './plausible.ts';
import type { Row } from './row.ts';

/** A number on more rows than this is taken for a placeholder. */
const MOST_ROWS = 101;

/** Computes the rows of reporting.linked_cases. */
export function linkedCases(histories: readonly CaseHistory[], now: Instant): Row[] {
  const linkable = histories.filter(
    ({ document }) => document.accountId.startsWith('P') && /[0-9]/.test(document.organizationNumber ?? ''),
  );
  const byNumber = Map.groupBy(linkable, ({ document }) => document.organizationNumber);
  const linked = [...byNumber.values()].filter((rows) => rows.length <= MOST_ROWS);
  return linked.flatMap((rows) =>
    rows.flatMap((history) =>
      rows
        .filter(({ document }) => document.caseId !== history.document.caseId)
        .map((other) => ({
          ...caseColumns(history.document),
          other_account_id: other.document.accountId,
          other_case_id: other.document.caseId,
          organization_number: history.document.organizationNumber,
          other_status: other.status,
          other_decided_at: other.firstDecision?.at ?? null,
          declined_before: isDeclinedBefore(other.firstDecline?.at ?? null, history.openedAt, now),
        })),
    ),
  );
}

function isDeclinedBefore(declinedAt: Instant | null, openedAt: Instant | null, now: Instant): boolean {
  if (declinedAt === null || openedAt === null) return false;
  return declinedAt < openedAt && declinedAt <= now && isPlausible(declinedAt, now);
}
