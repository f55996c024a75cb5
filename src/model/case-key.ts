/** A case in an account's list: the same case can be in the lists of several accounts. */
export type CaseKey = { accountId: string; caseId: string };

/** `ACCOUNT/CASE`, as `parseCaseName` reads it. */
export function caseName({ accountId, caseId }: CaseKey): string {
  return `${accountId}/${caseId}`;
}

/** The parts of `ACCOUNT/CASE`, or of a case alone: then the account is null. Nothing is checked. */
export function parseCaseName(text: string): { accountId: string | null; caseId: string } {
  const name = text.trim();
  const slash = name.lastIndexOf('/');
  return { accountId: slash === -1 ? null : name.slice(0, slash), caseId: name.slice(slash + 1) };
}
