import { visibleLine } from '../../model/visible-text.ts';
import type { Restatement } from '../../sandbox/restatements.ts';
import type { CaseTotals, RecordedTransition } from '../../store/runs/status.ts';
import { type BlockLine, rowsOf } from '../terminal/terminal-block.ts';
import { totalsText, transitionLine } from './lines.ts';
import { casePage, LOOK_COMMAND, type Places } from './view.ts';

/** The contents of the block. */
export type BlockState = {
  places: Places;
  /** Null before the first run of a new demo. */
  totals: CaseTotals | null;
  /** The newest last. */
  transitions: readonly RecordedTransition[];
  /** The newest last. */
  restatements: readonly Restatement[];
  isStopping: boolean;
};

type Contents = { transitions: number; restatements: number; hasSql: boolean };

/** From the most to the least; the first that fits the terminal is shown. */
const CONTENTS: readonly Contents[] = [
  { transitions: 5, restatements: 3, hasSql: true },
  { transitions: 5, restatements: 3, hasSql: false },
  { transitions: 3, restatements: 3, hasSql: false },
  { transitions: 3, restatements: 1, hasSql: false },
  { transitions: 1, restatements: 0, hasSql: false },
];
const LEAST: Contents = { transitions: 0, restatements: 0, hasSql: false };

/** The block's lines: as many as fit the terminal, but at least the address. */
export function blockLines(state: BlockState, { columns, rows }: { columns: number; rows: number }): BlockLine[] {
  const isFitting = (lines: readonly BlockLine[]) =>
    // The cursor stands in a row below.
    lines.reduce((sum, line) => sum + rowsOf(line, columns), 0) < rows;
  const candidates = CONTENTS.map((contents) => linesWith(state, contents));
  const fitting = candidates.find(isFitting);
  if (fitting !== undefined) return fitting;
  const least = linesWith(state, LEAST);
  while (least.length > 1 && !isFitting(least)) least.pop();
  return least;
}

function linesWith(state: BlockState, contents: Contents): BlockLine[] {
  const { places, totals, isStopping } = state;
  const transitions = lastOf(state.transitions, contents.transitions);
  const restatements = lastOf(state.restatements, contents.restatements);
  return [
    { label: 'Pages', text: `${places.pages}/`, isWhole: true },
    ...(places.note === '' ? [] : [{ label: ' ', text: `(${places.note})` }]),
    { label: 'Cases', text: totals === null ? 'the lists are being read …' : totalsText(totals) },
    ...section(
      'Last changes of status',
      transitions.map((each) => ({ text: `  ${transitionLine(each)}` })),
    ),
    ...section(
      'The past became known differently; choose an earlier "known at" on these pages',
      restatements.flatMap((each) => restatementLines(each, places.pages)),
    ),
    ...section('', [
      ...(contents.hasSql ? otherWays(places) : []),
      { label: 'Stop', text: isStopping ? 'stopping …' : 'Ctrl-C; the database is kept, and goes on next time' },
    ]),
  ];
}

/** Ways to look at the data beside the pages. */
function otherWays({ databaseUrl }: Places): BlockLine[] {
  return [
    { label: 'Look', text: LOOK_COMMAND, isWhole: true },
    { label: 'SQL', text: `psql '${databaseUrl}'`, isWhole: true },
  ];
}

function lastOf<Item>(items: readonly Item[], count: number): readonly Item[] {
  return count === 0 ? [] : items.slice(-count);
}

/** Nothing if there are no lines. */
function section(heading: string, lines: readonly BlockLine[]): BlockLine[] {
  if (lines.length === 0) return [];
  return [{ text: '' }, ...(heading === '' ? [] : [{ label: heading, text: '' }]), ...lines];
}

function restatementLines(restatement: Restatement, pages: string): BlockLine[] {
  return [
    { text: visibleLine(`  ${restatement.name}: ${restatement.words}`) },
    { text: `  ${casePage(pages, restatement)}`, isWhole: true },
  ];
}
