import { createHash } from 'node:crypto';
import packageContent from '../../../package.json' with { type: 'json' };
import { LEFT_OUT_WORDS } from '../../ledger/evidence/words.ts';
import { block } from '../../pages/html/block.ts';
import { type Html, html } from '../../pages/html/html.ts';
import { link } from '../../pages/html/link.ts';
import { type Column, table } from '../../pages/html/table.ts';
import { readStyleSheet } from '../../pages/static/files.ts';
import type { EvidenceCase } from '../../store/ledger/evidence/case.ts';
import { notices } from './page-notices.ts';
import { tableBlock, timeText } from './page-tables.ts';
import type { ReadTable } from './tables.ts';

export type PageContent = {
  evidence: EvidenceCase;
  tables: readonly ReadTable[];
  /** The sender in their own words; null = not given. */
  madeBy: string | null;
};

/** The page of the evidence: one file without scripts, from which a browser loads nothing. */
export async function evidencePage(content: PageContent): Promise<string> {
  const style = await readStyleSheet();
  const hash = createHash('sha256').update(style).digest('base64');
  const title = `Case ${content.evidence.case_id}: evidence`;
  // Not by the template, which would escape the style sheet. It is a file of ours.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html`${title}`}</title>
<style>${style}</style>
</head>
<body>
<main>
${body(content)}
</main>
</body>
</html>
`;
}

function body({ evidence, tables, madeBy }: PageContent): Html {
  return html`<h1>${evidence.fields.payout_destination_name || `Case ${evidence.case_id}`}</h1>
<p>Evidence of a customer due diligence case, as known at <strong>${timeText(evidence.known_at)} UTC</strong>.</p>
${stateText(evidence)}
${notices(evidence, tables)}
${aboutBlock(evidence, madeBy)}
${tables.map(tableBlock)}
${checkBlock()}
`;
}

function stateText({ status, status_since, deleted_at, missing_since }: EvidenceCase): Html {
  return html`<p>Status then: <strong>${status ?? 'none yet'}</strong>${status_since !== null && html` since ${timeText(status_since)}`}.${
    deleted_at !== null && ` Dintero deleted it at ${timeText(deleted_at)}.`
  }${missing_since !== null && ` It was missing from the account's list since ${timeText(missing_since)}.`}</p>`;
}

function aboutBlock(evidence: EvidenceCase, madeBy: string | null): Html {
  const rows: Line[] = [
    { name: 'Case', value: evidence.case_id },
    { name: 'Account at Dintero that has it in its list', value: evidence.account_id },
    { name: 'First recorded', value: `${timeText(evidence.first_recorded_at)} UTC` },
    { name: 'Made by', value: madeBy ?? 'not given here; see the letter that came with it' },
    { name: 'Made with', value: `cdd-sync ${packageContent.version}` },
    ...Object.entries(evidence.fields)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name: fieldName(name), value })),
  ];
  return block({
    id: 'about',
    heading: 'What this is',
    views: [],
    body: html`<p>Everything that cdd-sync had recorded about one case until the time above. cdd-sync is a program of the sender. It
reads the list of cases of Dintero's API again and again, and keeps each answer; a person wrote none of it. This page is a
summary; the files beside it have everything, as CSV for spreadsheets and as JSON for programs.</p>
<p>Two times belong to each row: when a thing happened, by Dintero's clock, and when cdd-sync learned it. A row with a time
under "Believed until" was replaced by a later row then. All times are in UTC.</p>
<p>Not in here:</p>
<ul>${LEFT_OUT_WORDS.map((words) => html`<li>${words}</li>`)}</ul>
${table({ caption: 'The case, by its last document then', columns: LINE_COLUMNS, rows, empty: '' })}`,
  });
}

type Line = { name: string; value: string };

/** `Organization number` for organization_number. */
function fieldName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
}

const LINE_COLUMNS: Column<Line>[] = [
  { heading: 'Field', name: 'field', csv: ({ name }) => name },
  { heading: 'Value', name: 'value', csv: ({ value }) => value },
];

function checkBlock(): Html {
  return block({
    id: 'check',
    heading: 'How to check these files',
    views: [],
    body: html`<p>The file SHA256SUMS has the SHA-256 sum of each file. In this folder, on Linux:
<code>sha256sum -c SHA256SUMS</code>, on macOS: <code>shasum -a 256 -c SHA256SUMS</code>. ${link('manifest.json', 'manifest.json')}
has the sums and sizes for programs. The same command of the sender gives the same bytes again: the sums of a second copy must
be equal.</p>`,
  });
}
