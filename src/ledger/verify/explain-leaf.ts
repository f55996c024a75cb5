import type { LeafRow } from '../../store/ledger/verify/leaf-rows.ts';

/** A row that does not fit a leaf; `prefix` identifies the digest that it has now. */
export type RowProblem = {
  table: string;
  row: string | null;
  problem: string;
  prefix: string | null;
  isCertain: boolean;
};

export type LeafComparison = {
  /** Rows that are there and were not recorded like that. */
  added: LeafRow[];
  /** Digests, by their first bytes, that were recorded and that no row has. */
  gone: string[];
  /** Rows that would have such a digest if one of their columns was another. */
  moved: LeafRow[];
};

/** Compares the digests that were recorded, by their first bytes, with those of the rows. */
export function compareLeaf(recorded: readonly string[], rows: readonly LeafRow[]): LeafComparison {
  const gone = [...recorded];
  const added = rows.filter(({ as, prefix }) => (as === 'added' || as === 'closed') && !remove(gone, prefix));
  const moved = rows.filter(({ as, prefix }) => as !== 'added' && as !== 'closed' && remove(gone, prefix));
  // The row whose run was changed stands there with its present digest too.
  const isSame = (one: LeafRow) =>
    moved.some(({ as, table, row }) => as === 'run_id' && table === one.table && row === one.row);
  return { added: added.filter((row) => !isSame(row)), gone, moved };
}

function remove(prefixes: string[], prefix: string): boolean {
  const index = prefixes.indexOf(prefix);
  if (index === -1) return false;
  prefixes.splice(index, 1);
  return true;
}

/** What a leaf needs besides its comparison. */
type Surroundings = {
  /** Rows of the case that must have been there. */
  missing: readonly { table: string; row: string }[];
  /** The case for which a digest was recorded that no row of that case has any more. */
  recordedFor: (prefix: string) => string | null;
};

/** Names the rows of a leaf that do not fit, in plain words. */
export function explainLeaf(
  { added, gone, moved }: LeafComparison,
  { missing, recordedFor }: Surroundings,
): RowProblem[] {
  const problems: RowProblem[] = moved.map((one) => ({
    ...place(one),
    prefix: null,
    isCertain: true,
    problem: movedText(one),
  }));
  let unexplained = gone.length;
  for (const one of added) {
    const otherCase = recordedFor(one.prefix);
    const isChanged = otherCase === null && unexplained > 0 && one.as === 'added';
    if (isChanged) unexplained -= 1;
    problems.push({
      ...place(one),
      prefix: one.prefix,
      isCertain: isChanged || otherCase !== null,
      problem: addedText(one, otherCase, isChanged),
    });
  }
  const named = missing.slice(0, unexplained);
  problems.push(
    ...named.map((one) => ({ ...one, prefix: null, isCertain: true, problem: 'was recorded, and is gone' })),
  );
  const rest = unexplained - named.length;
  if (rest > 0)
    problems.push({
      table: 'a table of the history',
      row: null,
      prefix: null,
      isCertain: true,
      problem: restText(rest),
    });
  return problems;
}

function place({ table, row }: LeafRow): Pick<RowProblem, 'table' | 'row'> {
  return { table, row };
}

function movedText({ as, table }: LeafRow): string {
  if (as === 'superseded_at') return 'was closed then, and superseded_at was changed or emptied since';
  if (as === 'run_id') return 'was recorded by that run, and run_id was changed since';
  if (table === 'event_bodies') return 'was recorded then, and the events in it say another time';
  return 'was recorded then, and recorded_at was changed since';
}

function addedText({ as }: LeafRow, otherCase: string | null, isChanged: boolean): string {
  if (otherCase !== null) return `was recorded for case ${otherCase}, and was given to this one since`;
  if (isChanged) return 'was changed after it was recorded';
  return as === 'closed'
    ? 'was not closed then: superseded_at was set by hand'
    : 'was not recorded then: it was added by hand';
}

function restText(rows: number): string {
  return rows === 1
    ? 'a row that was added or closed then is gone, or was changed beyond recognition'
    : `${rows} rows that were added or closed then are gone, or were changed beyond recognition`;
}
