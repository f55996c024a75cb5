import { counted } from '../../model/counted.ts';
import type { RunRow } from '../../model/run.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { CaseTotals, RecordedTransition } from '../../store/runs/status.ts';

export type DemoRun = Pick<
  RunRow,
  | 'account_id'
  | 'started_at'
  | 'cases_seen'
  | 'cases_created'
  | 'cases_updated'
  | 'items_rejected'
  | 'transitions_recorded'
>;

/** A run and the last of its transitions, oldest first, in lines that fit a terminal of 80 columns. */
export function runLines(row: DemoRun, transitions: readonly RecordedTransition[]): string[] {
  const changes = [
    row.cases_created > 0 ? `${row.cases_created} new` : '',
    row.cases_updated > 0 ? `${row.cases_updated} changed` : '',
    row.items_rejected > 0 ? `${row.items_rejected} rejected` : '',
  ].filter((text) => text !== '');
  const time = row.started_at.toISOString().slice(11, 19);
  const hidden = row.transitions_recorded - transitions.length;
  return [
    `${time}  ${row.account_id}  ${counted(row.cases_seen, 'case')} read: ${changes.join(', ')}`,
    ...(hidden > 0 ? [`  … ${hidden} earlier`] : []),
    ...transitions.map((transition) => `  ${transitionLine(transition)}`),
  ];
}

/** The name of a case and its change of status. */
export function transitionLine({ name, from_status: from, to_status: to }: RecordedTransition): string {
  return visibleLine(`${(name ?? '(no name)').padEnd(28)} ${from === null ? '' : `${from} → `}${to}`);
}

/** `812 in 3 accounts, 150 of them open`. */
export function totalsText({ accounts, cases, open }: CaseTotals): string {
  return `${cases} in ${accounts} accounts, ${open} of them open`;
}
