import { expect, test } from 'vitest';
import { fitProse, fitProseList } from '../../../src/cli/terminal/wrap.ts';

test('a command after a colon is not broken between its words', () => {
  expect(fitProse("The database's schema is older than this program; run: cdd-sync migrate", 66)).toBe(
    "The database's schema is older than this program; run:\ncdd-sync migrate",
  );
});

test('a command that no line has room for is broken all the same', () => {
  expect(fitProse('run: cdd-sync sync --account P12345678', 20).split('\n').length).toBeGreaterThan(1);
});

test('an indented line of prose goes on further in, and one of a command stays whole', () => {
  expect(fitProse('Next:\n  cdd-sync sync --account P12345678', 20)).toBe('Next:\n  cdd-sync sync --account P12345678');
  expect(fitProseList('A problem:\n  accounts: must be a list', 20)).toBe(
    'A problem:\n  accounts: must\n    be a list',
  );
});
