import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { answerOf } from './answers.ts';
import type { Catalog, Column, Routine, View } from './catalog.ts';
import { type Answering, answeringTable, fieldTable, questionList } from './contents.ts';

const NOTICE =
  '<!-- Written by npm run docs:reporting, from docs/reporting/ and the comments in the database. Change those. -->';
const QUERY = /^```sql\n([\s\S]*?)\n```$/gm;

/** The text of docs/reporting.md, from a database that `fillFromSandbox` filled and whose clock stands still. */
export async function pageOf(client: pg.Client, catalog: Catalog, timezone: string): Promise<string> {
  const questions = await part('questions');
  const views = sections(await part('views'), catalog.views, (view) => [about(view), columnsOf(view)]);
  const functions = sections(await part('functions'), catalog.functions, (routine) => [
    signature(routine),
    routine.comment ?? '',
  ]);
  const parts = [
    NOTICE,
    await part('introduction'),
    questionList(questions),
    '## Contents by view',
    answeringTable([...views, ...functions]),
    await part('words'),
    questions,
    await part('limits'),
    await part('connecting'),
    await part('reference'),
    ...views.map(({ text }) => text),
    '## Functions',
    ...functions.map(({ text }) => text),
    '## Fields',
    'Every column of the views and functions, except `account_id`, `case_id` and `case_key`.',
    fieldTable(catalog),
  ];
  return `${await withAnswers(parts.join('\n\n'), (sql) => answerOf(client, sql, timezone))}\n`;
}

async function part(name: string): Promise<string> {
  return (await readFile(new URL(`parts/${name}.md`, import.meta.url), 'utf8')).trim();
}

/**
 * One section for each object of the catalog, in the order of the text. The text of a section is `### name`, a question
 * and an example; the description from the catalog is inserted between question and example.
 */
function sections<T extends { name: string }>(
  text: string,
  all: readonly T[],
  describe: (one: T) => string[],
): (Answering & { text: string })[] {
  const written = text.split(/^### /m).filter((section) => section.trim() !== '');
  const names = written.map((section) => section.split('\n', 1)[0] ?? '');
  const missing = all.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`docs/reporting/parts says nothing about ${missing.join(', ')}`);
  return written.map((section, index) => {
    const one = all.find(({ name }) => name === names[index]);
    if (one === undefined) throw new Error(`schema reporting has no ${names[index]}`);
    const [question = '', ...example] = section.slice(one.name.length).trim().split('\n\n');
    const text = [`### reporting.${one.name}`, `**${question}**`, ...describe(one), ...example].join('\n\n');
    return { name: one.name, question, text };
  });
}

function about({ comment }: View): string {
  const [grain = '', freshness = ''] = (comment ?? '').split(' Fresh: ');
  return freshness === '' ? grain : `${grain}\n\n*Fresh:* ${freshness}`;
}

/** Not padded: a description can be long. */
function columnsOf({ columns }: View): string {
  const line = ({ name, type, meaning }: Column) =>
    `| \`${name}\` | ${shortened(type)} | ${linesOf((meaning ?? '').replaceAll('|', '\\|'))} |`;
  return ['| column | type | meaning |', '|---|---|---|', ...columns.map(line)].join('\n');
}

/** A line for each value, if the meaning lists values: `met: left in time; breached: left too late`. */
function linesOf(meaning: string): string {
  if (!/^[a-z_]+: .*; [a-z_]+: /.test(meaning)) return meaning;
  return meaning.replaceAll(
    /(^|; )([a-z_]+): /g,
    (_match, start: string, value: string) => `${start === '' ? '' : '<br>'}\`${value}\`: `,
  );
}

function signature({ name, arguments: given, result }: Routine): string {
  return `\`reporting.${name}(${shortened(given)})\` returns \`${shortened(result)}\``;
}

/** Short names of types, as people write them. */
function shortened(text: string): string {
  return text.replaceAll(/timestamp(\(\d\))? with time zone/g, 'timestamptz').replaceAll(' DEFAULT ', ' default ');
}

async function withAnswers(text: string, answer: (sql: string) => Promise<string>): Promise<string> {
  let page = '';
  let end = 0;
  for (const match of text.matchAll(QUERY)) {
    page += `${text.slice(end, match.index)}${match[0]}\n\n${await answer(match[1] ?? '')}`;
    end = match.index + match[0].length;
  }
  return page + text.slice(end);
}
