import { expect, test } from 'vitest';
import { table } from '../../src/cli/table.ts';
import { HOSTILE_TEXTS, isSafeToShow } from '../support/hostile-text.ts';

test.each(Object.entries(HOSTILE_TEXTS))('a cell with %s stays on its line', (_name, text) => {
  const printed = table([{ account: 'P12345678', status: text }]);
  expect(isSafeToShow(printed)).toBe(true);
  expect(printed.split('\n').filter((line) => line.includes('P12345678'))).toHaveLength(1);
  expect(printed.split('\n')).toHaveLength(5);
});

test('a cell of several lines has each of them on a line of its own', () => {
  const printed = table([{ check: 'configuration', message: ['first', 'a\nb'] }]);
  expect(printed).toContain('first');
  expect(printed).toContain('a\\u000ab');
  expect(printed.split('\n')).toHaveLength(6);
});
