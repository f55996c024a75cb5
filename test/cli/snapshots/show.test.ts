import { type Field, fieldsOf, type Row } from '../../../src/cli/reports/cells.ts';
import { rowsText } from '../../../src/cli/show/table.ts';
import type { Style } from '../../../src/cli/terminal/style.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const CASE = '0d8d1ba4-4e5b-4d4e-9d2c-1a2b3c4d5e6f';

const fields: Field[] = fieldsOf([
  { name: 'account_id', type: 'text' },
  { name: 'case_id', type: 'uuid' },
  { name: 'payout_destination_name', type: 'text' },
  { name: 'products', type: 'text[]' },
  { name: 'status', type: 'text' },
  { name: 'status_since', type: 'timestamp with time zone' },
  { name: 'hours_in_status', type: 'numeric' },
  { name: 'payment_options', type: 'jsonb' },
  { name: 'case_key', type: 'text' },
]);

const row: Row = {
  account_id: 'P12345678',
  case_id: CASE,
  payout_destination_name: 'Bjørk AS',
  products: '["checkout","payout"]',
  status: 'WAITING_FOR_DECLARATION',
  status_since: '2026-10-25 01:30:00.123456+00',
  hours_in_status: '1204.500000',
  payment_options: '[{"type": "card", "currencies": ["NOK"]}]',
  case_key: `P12345678/${CASE}`,
};
const names = Object.values(ODD_TEXTS);
const rows = [row, ...names.map((name) => ({ ...row, payout_destination_name: name, status: null, products: null }))];

function linesOf(shown: readonly Row[], style: Style, areChosen = false): string[] {
  const { text } = rowsText(fields, shown, { timezone: 'Europe/Oslo', style, areChosen });
  return [...text.split('\n'), ''];
}

testSnapshots('show', {
  lines: (style) => [...linesOf(rows, style), ...linesOf([row], style), ...linesOf(rows.slice(0, 2), style, true)],
  ids: ['P12345678', CASE],
});
