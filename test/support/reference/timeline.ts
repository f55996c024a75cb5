// The rows of reporting.case_timeline, from the versions of a case that runs read one after the other.
import { caseColumns } from './case-columns.ts';
import { type CaseVersion, changedFields, type Step, stepsOf } from './case-versions.ts';
import { eventSteps } from './event-timeline.ts';
import type { Row } from './row.ts';

/** Computes the rows of reporting.case_timeline for one case. */
export function timelineRows(versions: readonly CaseVersion[]): Row[] {
  const [first] = versions;
  if (first === undefined) return [];
  const key = caseColumns(first.history.document);
  const steps = stepsOf(versions);
  return [...steps.flatMap(caseRows), ...steps.flatMap(changeRows), ...problemRows(steps), ...eventSteps(steps)].map(
    (row) => ({ ...key, ...row }),
  );
}

const nothing = { from_value: null, to_value: null, event_id: null, superseded_at: null };

function caseRows({ before, now }: Step): Row[] {
  const { document, missingSince } = now.history;
  const wasMissing = before !== null && before.history.missingSince !== null;
  const row = (kind: string, title: string, at = now.at) => ({
    ...nothing,
    at,
    recorded_at: now.at,
    kind,
    title,
    run_id: now.runId,
  });
  const rows: Row[] = [];
  if (before === null) rows.push(row('created', 'Case created', document.createdAt ?? now.at));
  if (missingSince !== null && !wasMissing) rows.push(row('missing', "Missing from the account's list"));
  if (missingSince === null && wasMissing) rows.push(row('returned', "In the account's list again"));
  const isDeleted = before !== null && before.history.document.deletedAt !== null;
  if (document.deletedAt !== null && !isDeleted) rows.push(row('deleted', 'Deleted', document.deletedAt));
  return rows;
}

function changeRows(step: Step): Row[] {
  const { at, runId } = step.now;
  return changedFields(step)
    .filter(({ field, old }) => field !== 'updated_at' && (field !== 'deleted_at' || old !== null))
    .map((change) => ({
      ...nothing,
      at,
      recorded_at: at,
      kind: 'changed',
      title: change.field === 'deleted_at' && change.new === null ? 'No longer deleted' : `${change.field} changed`,
      from_value: change.old,
      to_value: change.new,
      run_id: runId,
    }));
}

function problemRows(steps: readonly Step[]): Row[] {
  return steps.flatMap(({ before, now }, index) => {
    const [old, found] = [before?.history.document.problems ?? [], now.history.document.problems];
    const isIn = (problems: typeof found, one: (typeof found)[number]) =>
      problems.some(({ path, reason }) => path === one.path && reason === one.reason);
    const row = ({ path }: { path: string }, text: string) => ({
      ...nothing,
      at: now.at,
      recorded_at: now.at,
      kind: 'problem',
      title: path === '' ? text : `${path}: ${text}`,
      event_id: eventIdOf(path),
    });
    const begun = found.filter((one) => !isIn(old, one));
    const ended = old.filter(({ path }) => !found.some((one) => one.path === path));
    return [
      ...begun.map((one) => ({
        ...row(one, one.reason),
        to_value: one.reason,
        run_id: now.runId,
        superseded_at:
          steps.slice(index + 1).find((later) => !isIn(later.now.history.document.problems, one))?.now.at ?? null,
      })),
      ...ended.map((one) => ({ ...row(one, 'as documented again'), from_value: one.reason, run_id: null })),
    ];
  });
}

function eventIdOf(path: string): number | null {
  const [, id] = /^events\[id=(-?\d+)\]/.exec(path) ?? [];
  return id === undefined ? null : Number(id);
}
