import type { Transaction } from '../../store/postgres/pool.ts';
import { block } from '../html/block.ts';
import { type Html, html } from '../html/html.ts';
import { NOT_FINAL } from '../known-at.ts';
import type { ShownCase } from './shown.ts';

/**
 * The command that writes everything about the case for an authority, as known at the page's time. Pages read schema
 * reporting only, which has no documents, so a download of theirs could not be the same. Nothing for viewers whose role
 * may not read the documents.
 */
export async function evidenceBlock({ tx, asked, known }: ShownCase): Promise<Html | null> {
  if (!(await mayReadDocuments(tx))) return null;
  const { accountId, caseId } = asked;
  // Without a time where the page shows the present: it would be another one at every refresh.
  const time = known.instant === null ? '' : ` --known-at ${known.instant}`;
  const folder = `evidence-${caseId.slice(0, 8)}`;
  return block({
    id: 'evidence',
    heading: 'For an authority',
    views: [],
    body: html`<p>Everything about this case, as a folder and a .zip with every document, the history, a page to read and
SHA-256 sums. Somebody who may read the documents in the database runs:</p>
<p><code>cdd-sync evidence --account ${accountId} --case ${caseId}${time} -o ${folder}</code></p>
${!known.isFinal && html`<p>${NOT_FINAL} Until then, the command refuses.</p>`}`,
  });
}

/** By the catalogs, which every role may read. */
async function mayReadDocuments(tx: Transaction): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ may_read: boolean }[]>`
    select has_schema_privilege(namespace.oid, 'usage') and has_table_privilege(relation.oid, 'select') as may_read
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
    where namespace.nspname = 'cdd' and relation.relname = 'case_revisions'`;
  return row?.may_read ?? false;
}
