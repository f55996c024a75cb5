import { caseColumns } from './case-columns.ts';
import type { CaseHistory } from './case-history.ts';
import type { Instant } from './instant.ts';
import type { Row } from './row.ts';

/** When something of a case was recorded, by which run, and the number of the document's revision if it is a new one. */
export type Recording = { at: Instant; runId: string | null; revision: number | null };

/** A case as it was known from a recording on. */
export type CaseVersion = Recording & { history: CaseHistory };

/** A version with the one before it; null for the first. */
export type Step = { before: CaseVersion | null; now: CaseVersion };

/** Pairs each version of a case with the one before it. */
export function stepsOf(versions: readonly CaseVersion[]): Step[] {
  return versions.map((now, index) => ({ before: versions[index - 1] ?? null, now }));
}

/** Fields with another value than in the version before, as rows with both values. */
export function changedFields({ before, now }: Step): { field: string; old: Row[string]; new: Row[string] }[] {
  if (before === null) return [];
  const [old, fields] = [before.history.document.published, now.history.document.published];
  return Object.keys(fields)
    .map((field) => ({ field, old: old[field] ?? null, new: fields[field] ?? null }))
    .filter((change) => change.old !== change.new);
}

/** Computes the rows of reporting.case_changes for one case. */
export function changeRows(versions: readonly CaseVersion[]): Row[] {
  return stepsOf(versions).flatMap((step) => {
    const { history, at, runId, revision } = step.now;
    return changedFields(step).map((change) => ({
      ...caseColumns(history.document),
      revision,
      field: change.field,
      old_value: change.old,
      new_value: change.new,
      recorded_at: at,
      run_id: runId,
    }));
  });
}
