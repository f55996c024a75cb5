import {
  accountsText,
  errorOf,
  needOf,
  STATE_NAMES,
  stateName,
  stateOf,
  worstFirst,
} from '../../model/account-state.ts';
import { count } from '../../model/number-text.ts';
import { age, type Clock, shortTime } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { Format, Style } from '../terminal/style.ts';
import { type Column, table } from '../terminal/table.ts';
import { cut } from '../terminal/wrap.ts';
import type { ShownAccount } from './read.ts';

/** The rest is summed up: a thousand accounts would push everything else off the screen. */
const MOST_ACCOUNTS = 20;
/** Columns of a label, which wraps. */
const MOST_LABEL = 60;

type Options = { clock: Clock; style: Style; all: boolean };

/** Accounts that need a person first; after the first twenty, how many others are in which state. */
export function accountLines(accounts: readonly ShownAccount[], { clock, style, all }: Options): string[] {
  const sorted = worstFirst(accounts);
  const shown = all ? sorted : sorted.slice(0, MOST_ACCOUNTS);
  const rest = sorted.slice(shown.length);
  return [table(columnsOf(shown, clock), shown, style).text, ...(rest.length === 0 ? [] : [restText(rest)])];
}

function restText(accounts: readonly ShownAccount[]): string {
  const states = [...Map.groupBy(accounts, stateOf)].map(
    ([state, members]) => `${count(members.length)} ${STATE_NAMES[state]}`,
  );
  return `${accountsText(accounts.length)} more: ${states.join(', ')}. To see all: cdd-sync status --all`;
}

const FORMATS: Record<'act' | 'look', Format> = { act: 'red', look: 'yellow' };

/** Numbers that are zero everywhere have no column. */
function columnsOf(accounts: readonly ShownAccount[], clock: Clock): Column<ShownAccount>[] {
  const any = (value: (account: ShownAccount) => unknown) => accounts.some((account) => Boolean(value(account)));
  return [
    { heading: 'account', text: (row) => row.account_id, importance: 1, isWhole: true },
    ...(any((row) => row.label) ? [{ heading: 'label', text: labelOf, importance: 4, minWidth: 12 }] : []),
    { heading: 'state', text: stateName, importance: 1, minWidth: 14, format: stateFormat },
    { heading: 'last success', text: (row) => successText(row, clock), importance: 2, isWhole: true },
    { heading: 'at', text: (row) => timeOf(row.last_success_at, clock), importance: 6, isWhole: true },
    { heading: 'last run', text: (row) => row.last_state ?? 'never', importance: 5, isWhole: true },
    { heading: 'next run', text: (row) => nextText(row, clock), importance: 2, isWhole: true },
    { heading: 'cases', text: (row) => count(row.cases), importance: 2, isNumber: true },
    ...(any((row) => row.missing) ? [number('missing', 5, (row) => row.missing)] : []),
    ...(any((row) => row.rejected) ? [number('rejected', 3, (row) => row.rejected)] : []),
    ...(any(errorOf) ? [errorColumn] : []),
  ];
}

const errorColumn: Column<ShownAccount> = {
  heading: 'error',
  text: errorOf,
  importance: 3,
  isWhole: true,
};

function number(heading: string, importance: number, value: (account: ShownAccount) => number): Column<ShownAccount> {
  return { heading, text: (row) => count(value(row)), importance, isNumber: true };
}

/** A merchant's name has no limit: whole, one could fill the screen. */
const labelOf = ({ label }: ShownAccount) => (label === null ? null : cut(visibleLine(label), MOST_LABEL));

function stateFormat(account: ShownAccount): Format | null {
  const need = needOf(stateOf(account));
  return need === null ? null : FORMATS[need];
}

function successText({ last_success_at: at }: ShownAccount, clock: Clock): string {
  return at === null ? 'never' : age(at, clock);
}

function timeOf(at: Date | null, clock: Clock): string {
  return at === null ? '' : shortTime(at, clock);
}

function nextText({ enabled, next_run_at: next }: ShownAccount, clock: Clock): string {
  if (!enabled || next === null) return '–';
  return age(next, clock) === 'just now' || next < clock.now ? 'now' : age(next, clock);
}
