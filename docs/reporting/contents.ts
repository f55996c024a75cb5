// The lists by which a reader finds things on the page.
import type { Catalog } from './catalog.ts';

/** A view or function with the question that its section begins with. */
export type Answering = { name: string; question: string };

/** Columns that most views have; a list of them would find nothing. */
const KEYS = new Set(['account_id', 'case_id', 'case_key']);

/** Links to the questions (`####`) of a text, under its themes (`###`). */
export function questionList(text: string): string {
  const lines = [...text.matchAll(/^(####?) (.+)$/gm)].map(([, level, heading = '']) =>
    level === '###' ? `\n**${heading}**\n` : `- [${heading}](#${anchorOf(heading)})`,
  );
  return lines.join('\n').trim();
}

/** A table of views or functions with their questions. */
export function answeringTable(all: readonly Answering[]): string {
  const lines = all.map(({ name, question }) => `| ${question} | [\`${name}\`](#reporting${name}) |`);
  return ['| question | answered by |', '|---|---|', ...lines].join('\n');
}

/** A table of every column, with the views and functions that have it. */
export function fieldTable({ views, functions }: Catalog): string {
  const owners = [
    ...views.map(({ name, columns }) => ({ name, fields: columns.map((column) => column.name) })),
    ...functions.map(({ name, result }) => ({ name, fields: fieldsOf(result) })),
  ];
  const places = owners.flatMap(({ name, fields }) => fields.map((field) => ({ field, name })));
  const byField = [...Map.groupBy(places, ({ field }) => field)]
    .filter(([field]) => !KEYS.has(field))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const line = ([field, found]: (typeof byField)[number]) =>
    `| \`${field}\` | ${found.map(({ name }) => `[${name}](#reporting${name})`).join(', ')} |`;
  return ['| field | in |', '|---|---|', ...byField.map(line)].join('\n');
}

/** The columns of a function's result, as Postgres writes it: `TABLE(account_id text, cases integer)`. */
function fieldsOf(result: string): string[] {
  const [, columns = ''] = /^TABLE\((.*)\)$/.exec(result) ?? [];
  return columns.split(', ').flatMap((column) => column.split(' ', 1)[0] || []);
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}
