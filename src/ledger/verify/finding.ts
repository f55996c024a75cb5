/** Something that does not fit the chain. Times are exact texts in UTC, as `brokenLeaves` writes them. */
export type Finding = {
  linkNumber: number | null;
  runId: string | null;
  recordedAt: string | null;
  /** The table of schema cdd; null = which one of the history is not known. */
  table: string | null;
  caseId: string | null;
  /** The row's key in words, without account and case. */
  row: string | null;
  /** In plain words, as the end of a sentence about the row. */
  problem: string;
};

/** A finding with nulls where nothing is known. */
export function finding(parts: Partial<Finding> & Pick<Finding, 'table' | 'problem'>): Finding {
  return { linkNumber: null, runId: null, recordedAt: null, caseId: null, row: null, ...parts };
}

/** The first findings of an account, and the number of all: a database that was rewritten could have millions. */
export class Findings {
  readonly kept: Finding[] = [];
  total = 0;
  /** How many are kept. */
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** Adds findings, of which only the first are given. */
  add(findings: readonly Finding[], total = findings.length): void {
    this.kept.push(...findings.slice(0, Math.max(0, this.most - this.kept.length)));
    this.total += total;
  }
}
