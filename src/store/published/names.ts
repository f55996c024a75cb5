import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const DEFINITIONS = join(import.meta.dirname, '../../../prisma/definitions/reporting');

/** Names of the views and functions of schema reporting of this version, without a database. */
export async function publishedNames(): Promise<string[]> {
  const files = await readdir(DEFINITIONS);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}
