import { expect, test } from 'vitest';
import { accountLines } from '../../../src/cli/status/accounts-table.ts';
import { freshAccount } from '../../support/shown-status.ts';

const NOW = new Date('2026-11-30T15:00:00Z');

test.each([
  ['words', 'Bakeriet på hjørnet '.repeat(500)],
  ['one word', '名'.repeat(10_000)],
  ['characters without a width', '\u202e'.repeat(10_000)],
])('a label of ten thousand characters takes a few lines: %s', (_, label) => {
  const options = { clock: { now: NOW, timezone: 'UTC' }, style: { width: 80, hasColors: false }, all: false };
  const lines = accountLines([{ ...freshAccount, label, account_label: label }], options).flatMap((part) =>
    part.split('\n'),
  );
  expect(lines.length).toBeLessThan(8);
  expect(lines.join('\n')).toContain('…');
});
