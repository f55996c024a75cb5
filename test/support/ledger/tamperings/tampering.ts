import { ACCOUNT } from '../../rig.ts';

/** A change by hand, and the first finding that it must give. */
export type Tampering = {
  name: string;
  sql: string;
  account?: string;
  table: string;
  row?: RegExp;
  caseId?: string;
  problem: RegExp;
  /** Whether the finding has a run; that of rows from before the chain has none. */
  hasRun?: boolean;
  /** Whether the script of docs/verifying.md finds it as well; it does not look at cdd.cases. */
  isInScript?: boolean;
};

/** The condition for rows of a case. */
export function rowsOf(caseId: string, more = ''): string {
  return `where account_id = '${ACCOUNT}' and case_id = '${caseId}' ${more}`;
}
