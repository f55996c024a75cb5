import { checkWords } from '../../model/check-words.ts';
import { counted } from '../../model/counted.ts';
import { count } from '../../model/number-text.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { accountAddress, link } from '../html/link.ts';
import { sentence } from '../html/sentence.ts';
import { withStatusTexts } from '../html/status.ts';
import type { Column } from '../html/table.ts';
import { table } from '../html/table.ts';
import type { QualityFinding } from './due-queries.ts';

export const FINDINGS = { id: 'findings', heading: 'Noticed in the data' };

/** Warnings that need no action. They do not count in the verdict, because many of them stay for ever. */
export function findingsBlock(findings: readonly QualityFinding[], csv: string): Html {
  const list = table({
    caption: 'Warnings that need nobody',
    isCaptionHidden: true,
    columns: findingColumns,
    rows: findings,
    empty:
      'Nothing. Fields that cannot be read, events that disappeared and times that cannot be right would stand here.',
    csv,
  });
  const summary = html`<summary>${counted(findings.length, 'warning')} that ${findings.length === 1 ? 'needs' : 'need'} nobody</summary>`;
  const body = findings.length === 0 ? list : html`<details id="findings-list">${summary}${list}</details>`;
  return block({ ...FINDINGS, views: ['data_quality'], body });
}

export const findingColumns: readonly Column<QualityFinding>[] = [
  {
    heading: 'Finding',
    name: 'check_name',
    csv: ({ check_name }) => check_name,
    cell: ({ check_name, items }) => sentence(checkWords(check_name, items).finding),
  },
  { heading: 'Items', name: 'items', csv: ({ items }) => items, cell: ({ items }) => count(items), isNumber: true },
  {
    heading: 'Accounts',
    name: 'accounts',
    csv: ({ accounts }) => accounts,
    cell: (finding) => (finding.accounts === 1 ? accountLink(finding) : count(finding.accounts)),
    isNumber: true,
  },
  { heading: 'What it means', name: 'example', csv: ({ example }) => example, cell: remedyOf },
];

/** The remedy, and an example. */
export function remedyOf({ check_name, items, example }: QualityFinding): Html {
  return html`${checkWords(check_name, items).remedy}${example !== null && ` For example: ${exampleText(check_name, example)}.`}`;
}

/** The example of a check, with statuses in words. */
export function exampleText(check: string, example: string): string {
  if (check === 'never_listed') return 'no case was ever archived, terminated or deleted';
  return check === 'backward_moves' || check === 'unknown_statuses' ? withStatusTexts(example) : example;
}

/** `P12345678`, `3 accounts`. */
export function accountsOf({ accounts, account_id }: QualityFinding): string {
  return accounts === 1 ? account_id : `${count(accounts)} accounts`;
}

export function accountLink({ accounts, account_id }: QualityFinding): Html {
  return accounts === 1 ? link(accountAddress(account_id), account_id) : link('/accounts', 'Accounts');
}
