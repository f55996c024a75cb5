import type { CaseDocument } from './case-document.ts';
import type { Row } from './row.ts';

/** The columns by which every view with a case names it. */
export function caseColumns({ accountId, caseId }: Pick<CaseDocument, 'accountId' | 'caseId'>): Row {
  return { case_key: `${accountId}/${caseId}`, account_id: accountId, case_id: caseId };
}
