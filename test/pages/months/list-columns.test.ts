import { expect, it } from 'vitest';
import { restatedColumns } from '../../../src/pages/months/list-columns.ts';
import type { RestatedMonth } from '../../../src/pages/months/restated-months.ts';

const MONTH = { month: '2026-09-01', opened: 3, decided: 2, approved: 1, declined: 1 };

function cellsOf(row: RestatedMonth): Record<string, string> {
  return Object.fromEntries(
    restatedColumns(null).map(({ name, cell, csv }) => [name, String(cell?.(row) ?? csv(row))]),
  );
}

it.each([
  [
    'first read from 1 Oct 2026 to 3 Oct 2026',
    '–',
    { accounts: 2, unread: 2, first_read_from: '2026-10-01', first_read_to: '2026-10-03' },
  ],
  [
    '1 of 2 accounts, first read on 3 Oct 2026',
    '+3',
    { accounts: 2, unread: 1, first_read_from: '2026-10-03', first_read_to: '2026-10-03' },
  ],
  ['–', '+3', { accounts: 2, unread: 0, first_read_from: null, first_read_to: null }],
])('a restated month says "%s" of its accounts, and "%s" of its opened cases', (words, opened, accounts) => {
  const cells = cellsOf({ ...MONTH, ...accounts });
  expect([cells.accounts_first_read_later, cells.opened_difference]).toEqual([words, opened]);
});
