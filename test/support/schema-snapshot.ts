import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withAdmin } from './admin.ts';

const NOTICE = `-- A migrated database, read from its catalog by npm run db:snapshot; a test compares. For reading only: the texts of views
-- and functions are in prisma/definitions.`;

/**
 * The schemas cdd and reporting of a database, as text that is the same on every supported version of Postgres. That is
 * why it has no text of a view, which each version prints in its own way, and no not-null constraints by name, which
 * Postgres has since version 18.
 */
export async function schemaSnapshot(url: string): Promise<string> {
  return withAdmin(url, async (client) => {
    await client.query(`set search_path to ''`);
    const query = await readFile(join(import.meta.dirname, 'schema-snapshot.sql'), 'utf8');
    const { rows } = await client.query<{ text: string }>(query);
    return `${[NOTICE, ...rows.map(({ text }) => text)].join('\n\n')}\n`;
  });
}
