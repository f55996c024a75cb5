// npm run test:faults: see docs/development.md
import { describe, expect } from 'vitest';
import { test } from './support/database.ts';
import { type Cell, pairCells, sampleOf, singleCells } from './support/fault-matrix/cells.ts';
import { MISTAKES } from './support/fault-matrix/mistakes.ts';
import { playCell, prepare } from './support/fault-matrix/play.ts';
import { openWorld } from './support/fault-matrix/service.ts';

const CHOSEN = process.env.FAULT_CELLS ?? 'sample';
const TITLE = process.env.FAULT_TITLE ?? '';
/** Of all cells, in `npm test`. */
const SAMPLE = { singles: 24, pairs: 8 };
/** Only ends a test that hangs. */
const SECONDS_PER_CELL = 5;

const singles = singleCells();
const pairs = pairCells();
const cells = chosenCells().filter(({ title }) => title.includes(TITLE));

function chosenCells(): Cell[] {
  if (CHOSEN === 'all') return [...singles, ...pairs];
  return CHOSEN === 'singles' ? singles : [...sampleOf(singles, SAMPLE.singles), ...sampleOf(pairs, SAMPLE.pairs)];
}

describe('a fault of the API', () => {
  const timeout = Math.max(600, cells.length * SECONDS_PER_CELL) * 1000;
  test(`ends as the rules say, and harms no other account: ${cells.length} cells`, { timeout }, async ({ db }) => {
    await using world = await openWorld(db);
    await prepare(world);
    // A title that no cell has would prove nothing.
    expect(cells).not.toEqual([]);
    const wrong: Record<string, string[]> = {};
    for (const cell of cells) {
      const differences = await playCell(cell, world);
      if (differences.length > 0) wrong[cell.title] = differences;
    }
    expect(wrong).toEqual({});
  });

  test.for(Object.entries(MISTAKES))(
    'is found with %s',
    async ([_title, { cell: title, finds, ...mistake }], { db }) => {
      await using world = await openWorld(db);
      await prepare(world);
      const cell = singles.find((each) => each.title === title);
      if (cell === undefined) throw new Error(`no cell ${title}`);
      expect((await playCell(cell, world, mistake)).join('\n')).toMatch(finds);
    },
  );
});
