// Views, functions and triggers: prisma/definitions/<schema>/<object>.sql holds the current text of each.
import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseError } from '../postgres/errors.ts';
import type { Script } from './transaction.ts';

/** A file's text and checksum, by the name of its view or function, for example `reporting.cases`. */
export type Definition = { name: string; text: string; checksum: string };

/**
 * The definitions of a directory, each one after those that it mentions.
 * @throws Error when two definitions mention each other.
 */
export async function readDefinitions(directory: string): Promise<Definition[]> {
  const files = await Array.fromAsync(glob('*/*.sql', { cwd: directory }));
  const read = async (file: string): Promise<Definition> => {
    const text = await readFile(join(directory, file), 'utf8');
    const name = file.replace(/\.sql$/, '').replace(/[\\/]/, '.');
    return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
  };
  return inOrder(await Promise.all(files.map(read)));
}

function inOrder(definitions: Definition[]): Definition[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const ordered = new Set<Definition>();
  const visit = (definition: Definition, path: readonly Definition[]): void => {
    if (ordered.has(definition)) return;
    if (path.includes(definition)) {
      throw new Error(`definitions mention each other: ${[...path, definition].map(({ name }) => name).join(', ')}`);
    }
    for (const name of mentions(definition)) {
      const mentioned = byName.get(name);
      if (mentioned !== undefined) visit(mentioned, [...path, definition]);
    }
    ordered.add(definition);
  };
  for (const definition of definitions.toSorted((a, b) => (a.name < b.name ? -1 : 1))) visit(definition, []);
  return [...ordered];
}

/** Qualified names in a definition's text, its own aside. Comments do not count: they may speak of later objects. */
function mentions({ name, text }: Definition): Set<string> {
  const code = text.replaceAll(/--.*$/gm, '').replaceAll(/^comment on (?:[^';]|'(?:[^']|'')*')*;/gm, '');
  const names = new Set(code.match(/\b[a-z_]\w*\.[a-z_]\w*\b/g));
  names.delete(name);
  return names;
}

/** Definitions that differ from the text applied last, or that lack their object or a trigger, or have it disabled. */
export async function changedDefinitions(definitions: Definition[], script: Script): Promise<Definition[]> {
  if (!(await script.hasTable('cdd.applied_definitions'))) return definitions;
  const recorded = await script.rows(
    `select
       name,
       checksum,
       (select count(*)::integer from pg_catalog.pg_trigger where tgfoid = to_regproc(name) and tgenabled in ('O', 'A'))
     from cdd.applied_definitions
     where to_regclass(name) is not null or to_regproc(name) is not null`,
  );
  const applied = new Map(recorded.map(([name, ...rest]) => [name, rest]));
  return definitions.filter(({ name, text, checksum }) => {
    const [appliedChecksum, triggers = 0] = applied.get(name) ?? [];
    return (
      appliedChecksum !== checksum || Number(triggers) < (text.match(/^create or replace trigger /gm) ?? []).length
    );
  });
}

/**
 * Applies definitions in the order given, and records them.
 * @throws SyncError DATABASE with the name of the definition that failed.
 */
export async function applyDefinitions(definitions: Definition[], script: Script, server: string): Promise<void> {
  // One may have been dropped by hand.
  for (const schema of new Set(definitions.map(({ name }) => name.replace(/\..*/, ''))))
    await script.run(`do $$ begin ${schemaSql(schema)} end $$`);
  for (const { name, text, checksum } of definitions) {
    try {
      await script.run(text);
    } catch (error) {
      throw databaseError(error, `${server}: definition ${name} failed, nothing was changed`);
    }
    await script.run(`
      insert into cdd.applied_definitions (name, checksum) values ('${name}', '${checksum}')
      on conflict (name) do update set checksum = excluded.checksum, applied_at = excluded.applied_at`);
  }
  if (definitions.length > 0) await script.run(GRANTS);
}

/** Makes a schema; a statement of a `do` block. Not "if not exists": that needs the right to create schemas even when the schema exists. */
export function schemaSql(schema: string): string {
  return `if to_regnamespace('${schema}') is null then create schema ${schema}; end if;`;
}

/** The role is missing where the migrating user may not create roles. */
const GRANTS = `
  do $$
  begin
    if exists (select from pg_catalog.pg_roles where rolname = 'cdd_reader') and to_regnamespace('reporting') is not null then
      grant usage on schema reporting to cdd_reader;
      grant select on all tables in schema reporting to cdd_reader;
    end if;
  end
  $$`;
