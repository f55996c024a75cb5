import { freshnessText, needsText } from '../../model/verdict.ts';
import { type Format, paint, type Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';
import { accountLines } from './accounts-table.ts';
import { casesTable } from './cases-table.ts';
import { factLines } from './facts.ts';
import { needLines } from './needs-text.ts';
import type { Status } from './read.ts';

/** The status as lines: the verdict, the needs with their next steps, then accounts, cases and facts. */
export function statusLines(status: Status, { style, all }: { style: Style; all: boolean }): string[] {
  const { accounts, counted, needs, counts, clock } = status;
  if (accounts.length === 0) return nothingYet(style);
  const freshness = freshnessText(counted, counted.length < accounts.length ? 'production' : 'all');
  const verdict = `${freshness} ${needsText(needs.length)}`;
  return [
    ...wrap(verdict, style.width).map((line) => paint(style, formatOf(status), line)),
    ...section(needLines(needs, style)),
    ...section(accountLines(accounts, { clock, style, all })),
    ...section(counts.length === 0 ? [] : [casesTable(counts, style)]),
    ...section(factLines(status, style)),
  ].flatMap((part) => part.split('\n'));
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function formatOf({ needs }: Status): Format {
  if (needs.some(({ kind }) => kind === 'act')) return 'red';
  return needs.length > 0 ? 'yellow' : 'green';
}

/** The words of the overview of the pages. */
function nothingYet({ width }: Style): string[] {
  const next =
    'Accounts appear here when their first run has begun: a minute after the worker started (cdd-sync start), or at once with "cdd-sync sync". If nothing appears, "cdd-sync check" says why.';
  return ['Nothing was synced yet.', ...wrap(next, width)];
}
