import { counted } from '../../model/counted.ts';
import { count } from '../../model/number-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { type Field, isoTime, type Row } from '../reports/cells.ts';
import type { Style } from '../terminal/style.ts';
import { type Column, records, table } from '../terminal/table.ts';
import { instantText } from '../terminal/time.ts';

/** Columns that tell most, of any view: a narrow terminal loses the others first. */
const TELLING = [
  'case_id',
  'day',
  'month',
  'check_name',
  'field',
  'status',
  'to_status',
  'title',
  'decision',
  'state',
  'figure',
  'last_state',
  'occurred_at',
  'at',
  'decided_at',
  'due_at',
  'keep_until',
  'held_at',
  'entered_at',
  'started_at',
  'status_since',
  'payout_destination_name',
  'account_id',
  'from_status',
  'is_stale',
  'enabled',
  'last_success_at',
  'open_cases',
  'cases',
  'items',
  'example',
  'error_code',
  'account_label',
  'kind',
  'stage',
  'is_open',
];

/** `2026-11-03 14:05`: seconds and offset would cost a narrow terminal a whole column. */
const TO_MINUTE = 16;

type Options = {
  timezone: string;
  style: Style;
  /** Whether somebody asked for these columns: then all of them are shown. */
  areChosen: boolean;
};

/** The rows as a table that fits, one row as lines; and the columns that found no place. */
export function rowsText(fields: readonly Field[], rows: readonly Row[], options: Options) {
  const isOne = rows.length === 1 && fields.length > 1;
  const columns = fields.map((field, place) => columnOf(field, { ...options, place, hasSeconds: isOne }));
  return isOne ? { text: records(columns, rows, options.style), hidden: [] } : table(columns, rows, options.style);
}

function columnOf(
  { name, kind, type }: Field,
  { timezone, areChosen, place, hasSeconds }: Options & { place: number; hasSeconds: boolean },
): Column<Row> {
  const rank = TELLING.indexOf(name);
  // case_key says again what account_id and case_id say.
  const last = TELLING.length + (name === 'case_key' ? 1_000 : place);
  return {
    heading: name,
    text: (row) => cellText(row[name] ?? null, { kind, timezone, hasSeconds }),
    importance: areChosen ? 1 : 1 + (rank === -1 ? last : rank),
    isNumber: kind === 'number',
    isWhole: kind === 'time' || kind === 'day' || type === 'uuid' || /_(id|key)$/.test(name),
    minWidth: 12,
  };
}

/** Nothing for null, as in psql. */
function cellText(
  text: string | null,
  { kind, timezone, hasSeconds }: { kind: Field['kind']; timezone: string; hasSeconds: boolean },
): string {
  if (text === null) return '';
  if (kind === 'list') return listText(text);
  if (kind !== 'time') return text;
  const at = new Date(isoTime(text));
  return Number.isNaN(at.getTime())
    ? text
    : hasSeconds
      ? instantText(at, timezone)
      : instantText(at, timezone).slice(0, TO_MINUTE);
}

function listText(json: string): string {
  const values: unknown[] = JSON.parse(json);
  return values.join(', ');
}

/** Longer notes would push the table off the screen. */
const MOST_NAMED = 5;

/** The columns that found no place, in a sentence. */
export function hiddenText(hidden: readonly string[]): string {
  const named = hidden.slice(0, MOST_NAMED).map(visibleLine).join(', ');
  const more = hidden.length - MOST_NAMED;
  return `no room for ${named}${more > 0 ? ` and ${counted(more, 'more column')}` : ''}; choose with --columns, or see all with --format json`;
}

/** `50 of 1,073,200 rows`; without the total, which takes too long to count, `50 rows of many more`. */
export function shareText(shown: number, total: number | null): string {
  return total === null ? `${count(shown)} rows of many more` : `${count(shown)} of ${count(total)} rows`;
}
