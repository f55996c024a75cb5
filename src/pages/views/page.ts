import type { Transaction } from '../../store/postgres/pool.ts';
import { viewAddress } from '../html/block.ts';
import { html } from '../html/html.ts';
import { link } from '../html/link.ts';
import { type Column, table } from '../html/table.ts';
import type { Page } from '../page.ts';

// The meaning of the numbers, from the comments of the database: the documentation is not served with the pages.

type Described = { name: string; comment: string | null };

const named = (heading: string, href: ((name: string) => string) | null): Column<Described>[] => [
  {
    heading,
    name: 'name',
    csv: ({ name }) => name,
    cell: ({ name }) => (href === null ? html`<code>${name}</code>` : link(href(name), name)),
  },
  { heading: 'Meaning', name: 'comment', csv: ({ comment }) => comment, isProse: true },
];

/** All views with their meaning. */
export const viewsPage: Page = {
  path: '/views',
  answer: async ({ tx }) => ({
    kind: 'page',
    title: 'What the numbers mean',
    body: html`<h1>What the numbers mean</h1>
<p>Every block names the views that its numbers are from. They can be read in SQL too: <code>select * from reporting.cases</code>.</p>
${table({ caption: 'Views of schema reporting', columns: named('View', viewAddress), rows: await readViews(tx), empty: 'You may read no view.' })}`,
  }),
};

/** One view with the meaning of its columns. */
export const viewPage: Page = {
  path: '/views/:view',
  answer: async ({ tx, params: { view = '' } }) => {
    const found = (await readViews(tx)).find(({ name }) => name === view);
    if (found === undefined) return { kind: 'missing', words: 'There is no view of this name.' };
    return {
      kind: 'page',
      title: view,
      body: html`<h1><code>reporting.${view}</code></h1>
<p>${found.comment}</p>
${table({ caption: 'Columns', columns: named('Column', null), rows: await readColumns(tx, view), empty: 'It has no columns.' })}
<p>${link('/views', 'All views')}</p>`,
    };
  },
};

function readViews(tx: Transaction): Promise<Described[]> {
  return tx.$queryRaw<Described[]>`
    select view.relname::text as name, obj_description(view.oid, 'pg_class') as comment
    from pg_catalog.pg_class as view
    where view.relnamespace = 'reporting'::regnamespace and view.relkind = 'v'
    order by view.relname`;
}

function readColumns(tx: Transaction, view: string): Promise<Described[]> {
  return tx.$queryRaw<Described[]>`
    select view_column.attname::text as name, col_description(view.oid, view_column.attnum) as comment
    from pg_catalog.pg_class as view
    join pg_catalog.pg_attribute as view_column on view_column.attrelid = view.oid and view_column.attnum > 0
    where view.relnamespace = 'reporting'::regnamespace and view.relkind = 'v' and view.relname = ${view}
    order by view_column.attnum`;
}
