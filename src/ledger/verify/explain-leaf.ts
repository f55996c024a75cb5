import type { LeafRow } from '../../store/ledger/verify/leaf-rows.ts';

/** A row that does not fit its leaf; null for a table and a row that cannot be told. */
export type RowProblem = {
  table: string | null;
  row: string | null;
  problem: string;
  /** The run that a row names which is too much; null for others. */
  runId: string | null;
  /** False for a row that is too much: it may be one that was recorded at another time. */
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
  // By counting: a case may have ten thousand events.
  const left = new Map<string, number>();
  for (const prefix of recorded) left.set(prefix, (left.get(prefix) ?? 0) + 1);
  const take = (prefix: string): boolean => {
    const times = left.get(prefix) ?? 0;
    left.set(prefix, times - 1);
    return times > 0;
  };
  const isPresent = ({ as }: LeafRow) => as === 'added' || as === 'closed';
  const added = rows.filter((row) => isPresent(row) && !take(row.prefix));
  const moved = rows.filter((row) => !isPresent(row) && take(row.prefix));
  // A row with another run_id is in `added` as well, with its present digest.
  const keyOf = ({ table, row }: LeafRow) => `${table} ${row}`;
  const withOtherRun = new Set(moved.filter(({ as }) => as === 'run_id').map(keyOf));
  const gone = [...left].flatMap(([prefix, times]) => Array.from({ length: Math.max(0, times) }, () => prefix));
  return { added: added.filter((row) => !withOtherRun.has(keyOf(row))), gone, moved };
}

/** Facts from other leaves and rows. */
type Surroundings = {
  /** Rows of the case that must have been there, because others name or follow them. */
  missing: readonly { table: string; row: string }[];
  /** Another case with this digest among those recorded for it, and with no such row now; null = there is none. */
  recordedFor: (prefix: string) => string | null;
  /** Whether a row of another case has this digest. */
  isElsewhere: (prefix: string) => boolean;
};

/** Names the rows of a leaf that do not fit, in plain words. */
export function explainLeaf({ added, gone, moved }: LeafComparison, surroundings: Surroundings): RowProblem[] {
  const problems: RowProblem[] = moved.map((one) => problemOf(one, movedText(one)));
  let unexplained = gone.filter((prefix) => !surroundings.isElsewhere(prefix)).length;
  for (const one of added) {
    const otherCase = surroundings.recordedFor(one.prefix);
    if (otherCase !== null) {
      problems.push(problemOf(one, `was recorded for case ${otherCase}, and was given to this one since`));
    } else if (unexplained > 0 && one.as === 'added') {
      unexplained -= 1;
      problems.push(problemOf(one, 'was changed after it was recorded'));
    } else {
      problems.push({ ...problemOf(one, addedText(one)), runId: one.runId, isCertain: false });
    }
  }
  const named = surroundings.missing.slice(0, unexplained);
  const rest = unexplained - named.length;
  const all = [
    ...problems,
    ...named.map((one) => problemOf(one, 'was recorded, and is gone')),
    ...(rest === 0 ? [] : [problemOf({ table: null, row: null }, restText(rest))]),
  ];
  // The time of an array follows from its events, which are to blame.
  return [...all.filter((one) => !isDerived(one, moved)), ...all.filter((one) => isDerived(one, moved))];
}

function isDerived({ table, row }: RowProblem, moved: readonly LeafRow[]): boolean {
  return table === 'event_bodies' && moved.some((one) => one.table === table && one.row === row);
}

function problemOf({ table, row }: Pick<RowProblem, 'table' | 'row'>, problem: string): RowProblem {
  return { table, row, problem, runId: null, isCertain: true };
}

function movedText({ as, table }: LeafRow): string {
  if (as === 'superseded_at') return 'was closed then, and superseded_at was changed or emptied since';
  if (as === 'run_id') return 'was recorded by that run, and run_id was changed since';
  if (table === 'event_bodies') return 'was recorded then, and its events are gone or say another time';
  return 'was recorded then, and recorded_at was changed since';
}

function addedText({ as }: LeafRow): string {
  return as === 'closed'
    ? 'was not closed then: superseded_at was set by hand'
    : 'was not recorded then: it was added by hand';
}

function restText(rows: number): string {
  return rows === 1
    ? 'a row that was added or closed then is gone, or was changed beyond recognition'
    : `${rows} rows that were added or closed then are gone, or were changed beyond recognition`;
}
