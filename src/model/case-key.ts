/** A case in an account's list: the same case can be in the lists of several accounts. */
export type CaseKey = { accountId: string; caseId: string };

/** `ACCOUNT/CASE`, as the commands print it and understand it. */
export function caseName({ accountId, caseId }: CaseKey): string {
  return `${accountId}/${caseId}`;
}
