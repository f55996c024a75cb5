import type { FirstOf } from './first-of.ts';

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

/** The order of what was recorded; exact times have the order of their texts. */
export function byTime(a: Pick<Finding, 'recordedAt'>, b: Pick<Finding, 'recordedAt'>): number {
  const [first, second] = [a.recordedAt ?? '', b.recordedAt ?? ''];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** The first findings of an account, and the number of all. */
export type Findings = FirstOf<Finding>;
