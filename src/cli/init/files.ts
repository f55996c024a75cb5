import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { SECRET_VARIABLE, starterYaml } from '../../config/starter.ts';
import { systemErrorCode } from '../../model/system-error.ts';
import { UsageError } from '../../model/usage-error.ts';
import { ENV_FILE, envLine } from '../env-file.ts';
import type { Answers, DatabaseAnswer } from './answers.ts';

const CONFIG_FILE = 'cdd-sync.yaml';
const SCHEMA = join(import.meta.dirname, '../../../cdd-sync.schema.json');

/** @throws UsageError when a file that would be written exists, or the folder cannot be written. */
export function requireFreeFolder(folder: string, { CDD_SYNC_CONFIG: named }: NodeJS.ProcessEnv): void {
  if (named) {
    throw new UsageError(
      `CDD_SYNC_CONFIG names ${named}, so ${CONFIG_FILE} of this folder would not be read; unset it first`,
    );
  }
  const existing = [CONFIG_FILE, ENV_FILE].filter((name) => isTaken(join(folder, name)));
  if (existing.length > 0) {
    const isConfigured = existing.includes(CONFIG_FILE);
    const way = isConfigured ? 'To test the configuration run: cdd-sync check. ' : '';
    throw new UsageError(
      `${existing.join(' and ')} exist${existing.length === 1 ? 's' : ''} in ${folder}, and init overwrites nothing. ${way}` +
        `To begin anew, move ${existing.length === 1 ? 'it' : 'them'} away, or run init in another folder.`,
    );
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `init writes ${CONFIG_FILE} and ${ENV_FILE} into ${folder}, which this user may not write (${systemErrorCode(error)}); run it in a folder of this user`,
    );
  }
}

/** Unlike existsSync also for a link to nothing, which cannot be written either. */
function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Why a secret cannot be written to .env; null if it can. */
export function unwritableText(value: string): string | null {
  return envLine('NAME', value) === null
    ? 'it mixes ", \' and `, which .env cannot hold; put it into a file and use clientSecretFile (docs/configuration.md)'
    : null;
}

type Written = { answers: Answers; database: DatabaseAnswer; baseUrl: string | null };

/** Writes both files, or neither. The secrets are in .env only, which no other user may read. */
export async function writeFiles(folder: string, { answers, database, baseUrl }: Written): Promise<void> {
  const path = relative(folder, SCHEMA);
  const schema = existsSync(SCHEMA) ? (path.startsWith('..') ? SCHEMA : `./${path}`) : null;
  await create(folder, ENV_FILE, envText(answers, database), 0o600);
  await create(folder, CONFIG_FILE, starterYaml(answers, { schema, baseUrl }), 0o666).catch(async (error: unknown) => {
    await rm(join(folder, ENV_FILE), { force: true });
    throw error;
  });
}

/** @throws UsageError if the file exists meanwhile, or the system refuses it, such as a full disk. */
async function create(folder: string, name: string, content: string, mode: number): Promise<void> {
  const path = join(folder, name);
  try {
    await writeFile(path, content, { flag: 'wx', mode });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    // Another process has created it; in any other case it is a part of ours.
    if (code !== 'EEXIST') await rm(path, { force: true });
    throw new UsageError(
      `${path} could not be written (${code}), so init has left no file; make room for it, then run init again`,
    );
  }
}

function envText({ clientSecret }: Answers, { databaseUrl }: DatabaseAnswer): string {
  return [
    '# Secrets for cdd-sync.yaml. cdd-sync reads this file in the folder where it is started; a variable of the',
    '# environment wins. Keep it out of version control.',
    envLine(SECRET_VARIABLE, clientSecret),
    databaseUrl === null
      ? '#DATABASE_URL=postgres://user:password@host:5432/database # without it, a Postgres runs in .cdd-sync'
      : envLine('DATABASE_URL', databaseUrl),
    '',
  ].join('\n');
}
