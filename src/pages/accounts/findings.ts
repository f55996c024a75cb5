import { checkWords } from '../../model/check-words.ts';
import { count } from '../../model/number-text.ts';
import { casesAddress } from '../cases/filter.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { caseAddress, changed, link } from '../html/link.ts';
import { sentence } from '../html/sentence.ts';
import { type Column, table } from '../html/table.ts';
import { exampleText } from '../overview/findings.ts';
import type { PageRequest } from '../page.ts';
import { type Finding, readFindings } from './account-queries.ts';

export const FINDINGS = 'What the checks found';

/** The findings of the checks in an account, with an example and a remedy. */
export async function findingsBlock({ tx, url }: PageRequest, accountId: string): Promise<Html> {
  return block({
    id: 'findings',
    heading: FINDINGS,
    views: ['data_quality'],
    body: table({
      caption: 'Findings, errors first',
      isCaptionHidden: true,
      columns: findingColumns(accountId),
      rows: await readFindings(tx, accountId),
      csv: changed(url, { format: 'csv', block: 'findings', page: null }),
      empty: 'The checks found nothing.',
    }),
  });
}

const severities: Record<string, Html> = {
  error: html`<span class="act-word">Act</span>`,
  warning: html`<span class="look-word">Look</span>`,
  info: html`Good to know`,
};

export function findingColumns(accountId: string): Column<Finding>[] {
  return [
    {
      heading: 'Finding',
      name: 'check_name',
      csv: (row) => row.check_name,
      cell: (row) => sentence(checkWords(row.check_name, row.items).finding),
    },
    {
      heading: 'Importance',
      name: 'severity',
      csv: (row) => row.severity,
      cell: ({ severity }) => severities[severity] ?? severity,
    },
    {
      heading: 'What to do',
      name: 'remedy',
      csv: (row) => checkWords(row.check_name, row.items).remedy,
      cell: (row) => checkWords(row.check_name, row.items).remedy,
      isProse: true,
    },
    {
      heading: 'For example',
      name: 'example',
      csv: (row) => row.example,
      cell: ({ check_name, example }) =>
        exampleCell(example === null ? '–' : exampleText(check_name, example), accountId),
    },
    {
      heading: 'Items',
      name: 'items',
      csv: (row) => row.items,
      cell: (row) => itemsCell(row, accountId),
      isNumber: true,
    },
  ];
}

/** The list of cases knows one of the checks. */
function itemsCell({ check_name, items }: Finding, account: string): Html {
  if (check_name !== 'unknown_statuses') return html`${count(items)}`;
  return link(casesAddress({ account, stage: 'unknown', state: 'not_gone', in_backlog: 'yes' }), count(items));
}

/** A case id at the beginning of an example is a link to the case. */
function exampleCell(example: string, accountId: string): Html {
  const [id] = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(example) ?? [];
  if (id === undefined) return html`${example}`;
  return html`${link(caseAddress({ accountId, caseId: id }), id)}${example.slice(id.length)}`;
}
