import { expect, test } from 'vitest';
import { paint, visible } from '../../../src/cli/terminal/style.ts';
import { type Column, table } from '../../../src/cli/terminal/table.ts';
import { widthOf } from '../../../src/cli/terminal/wrap.ts';
import { ALL_HOSTILE_TEXTS, HOSTILE_TEXTS, isSafeToShow } from '../../support/hostile-text.ts';

type Row = { id: string; text: string; size: number };

const columns: readonly Column<Row>[] = [
  { heading: 'account', text: ({ id }) => id, importance: 1, isWhole: true },
  { heading: 'message', text: ({ text }) => text, importance: 1 },
  { heading: 'cases', text: ({ size }) => size, importance: 2, isNumber: true },
  { heading: 'first seen', text: () => '3 Nov 2025 14:05', importance: 3, isWhole: true },
];
const row = { id: 'P12345678', text: 'Dintero cannot be reached', size: 1204 };
const ID = '0d8d1ba4-4e5b-4d4e-9d2c-1a2b3c4d5e6f';

const plain = (width: number) => ({ width, hasColors: false });
const linesOf = (text: string) => text.split('\n');

test('a wide terminal shows every column in one line a row', () => {
  expect(table(columns, [row], plain(80))).toEqual({
    text: [
      'account    message                    cases  first seen',
      'P12345678  Dintero cannot be reached   1204  3 Nov 2025 14:05',
    ].join('\n'),
    hidden: [],
  });
});

test('text is wrapped between words before a column is left out, the least important first', () => {
  expect(table(columns, [row], plain(50))).toEqual({
    text: [
      'account    message         cases  first seen',
      'P12345678  Dintero cannot   1204  3 Nov 2025 14:05',
      '           be reached',
    ].join('\n'),
    hidden: [],
  });
  expect(table(columns, [row], plain(30)).hidden).toEqual(['first seen']);
  expect(table(columns, [row], plain(22)).hidden).toEqual(['cases', 'first seen']);
});

test('a terminal too narrow for the important columns gets a line for each of them, with the whole id', () => {
  const { text, hidden } = table(columns, [{ ...row, id: ID }, row], plain(20));
  expect(text).toContain(`account     ${ID}\nmessage     Dintero\n`);
  expect(text.split('\n\n')).toHaveLength(2);
  expect(hidden).toEqual([]);
});

test.each([24, 40, 80, 120])('no text is wider than a terminal of %i columns, whatever stands in it', (width) => {
  const shown = ALL_HOSTILE_TEXTS.filter((text) => text.length < 1_000);
  const { text } = table(
    columns,
    shown.map((each) => ({ ...row, text: each })),
    plain(width),
  );
  expect(linesOf(text).filter((line) => widthOf(line) > width)).toEqual([]);
  expect(isSafeToShow(text)).toBe(true);
});

test('wide characters take two columns, so that the next column begins at the same place', () => {
  const texts = ['漢字かな', '👍🏽 ok', 'e\u0301clair', 'plain'];
  const { text } = table(
    columns,
    texts.map((each) => ({ ...row, text: each })),
    plain(80),
  );
  const before = linesOf(text).map((line) => widthOf(line.slice(0, line.lastIndexOf('3 Nov'))));
  expect(new Set(before.slice(1)).size).toBe(1);
});

test.each(Object.entries(HOSTILE_TEXTS))('a cell with %s stays on its line', (_name, hostile) => {
  const { text } = table(columns, [{ ...row, text: hostile }], plain(80));
  expect(isSafeToShow(text)).toBe(true);
  expect(linesOf(text)).toHaveLength(2);
});

test('a cell of several lines has each of them on a line of its own', () => {
  const several: Column<Row>[] = [{ heading: 'path', text: () => ['first', 'a\nb'], importance: 1 }];
  expect(table(several, [row], plain(80)).text).toBe('path\nfirst\na\\u000ab');
});

test('only formats of the program reach the terminal as such', () => {
  const painted = paint({ hasColors: true }, 'red', 'late');
  expect(painted).not.toBe('late');
  expect(visible(painted)).toBe(painted);
  expect(visible('\u001b[2J\u001b[8mhidden')).toBe('\\u001b[2J\\u001b[8mhidden');
  expect(paint({ hasColors: false }, 'red', 'late')).toBe('late');
});

test('no rows are no table', () => {
  expect(table(columns, [], plain(80))).toEqual({ text: '', hidden: [] });
});
