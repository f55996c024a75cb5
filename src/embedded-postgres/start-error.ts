// The error of an embedded Postgres that does not start: reason and advice in words.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SyncError } from '../model/sync-error.ts';
import { systemErrorCode } from '../model/system-error.ts';

const OTHER_FOLDER = 'Set CDD_SYNC_HOME to a folder of this user, or change the rights.';
const FREE_SPACE = 'It needs about 60 MB: free some, or set CDD_SYNC_HOME to a folder on another disk.';
const REINSTALL = 'Install cdd-sync again, with --include=optional (in a clone: npm ci --include=optional).';
const MOVE_AWAY =
  'Restore the folder from a backup, or move it away; a new one is created then, and the next runs fill it.';

type Explanation = [pattern: RegExp, reason: string, advice: string];

/** By the output of Postgres' programs. The first that matches. */
const byOutput: Explanation[] = [
  [/No space left|disk quota|could not extend file/i, 'the disk is full', FREE_SPACE],
  [
    /error while loading shared libraries|GLIBC_|symbol lookup error|Exec format/,
    'its programs do not run on this system, because a library is missing or too old',
    'It needs Linux with glibc, macOS or Windows, and complete packages.',
  ],
  [
    /not found in the same directory|could not find a "postgres"/,
    'a program of it is missing, or does not run',
    REINSTALL,
  ],
  [
    /share\/|could not open file ".*\.(bki|sample|sql|conf)"|input file .* does not exist/,
    'a file of it is missing',
    REINSTALL,
  ],
  [/has invalid permissions/, 'others may write into its folder "postgres/data"', 'Take that right away: chmod 700.'],
  [
    /has wrong ownership/,
    'its folder "postgres/data" belongs to another user',
    'Run as that user, or give it to this one (chown -R).',
  ],
  [
    /pre-existing shared memory|lock file .* already exists|another server might be running/,
    'a server already uses its folder, but does not take the password in "postgres/password"',
    'Stop that server, and put the right password back.',
  ],
  [
    /could not find the database system|pg_control|checkpoint record|could not open (file|directory) "(base|global|pg_)/,
    'files of the database are missing or damaged',
    MOVE_AWAY,
  ],
  [
    /shared memory|could not map anonymous|Cannot allocate memory/i,
    'there is not enough memory',
    'It needs about 200 MB.',
  ],
  [/[Pp]ermission denied|could not access directory/, 'it may not read or write its folder', OTHER_FOLDER],
];

/** By the code of an error of Node, or of a connection to the server. */
const byCode: Record<string, [reason: string, advice: string]> = {
  EACCES: ['this user may not write there', OTHER_FOLDER],
  EPERM: ['this user may not write there', OTHER_FOLDER],
  EROFS: ['the disk is read-only', 'Set CDD_SYNC_HOME to a folder that can be written to.'],
  ENOTDIR: ['a part of its path is a file', 'Set CDD_SYNC_HOME to a folder.'],
  EEXIST: ['it is a file', 'Set CDD_SYNC_HOME to a folder.'],
  ENOSPC: ['the disk is full', FREE_SPACE],
  EDQUOT: ['the disk quota is used up', FREE_SPACE],
  ENOENT: ['its folder cannot be created', 'Set CDD_SYNC_HOME to a folder that can be written to.'],
  ENAMETOOLONG: ['its path is too long', 'Set CDD_SYNC_HOME to a shorter one.'],
};

/** A command of Postgres that failed. The message is the command's output. */
export class CommandError extends Error {}

/** The error of a failed start. `alternative` is a sentence about another way to get a database; it may be empty. */
export function startError(home: string, cause: unknown, alternative: string): SyncError {
  const log = join(home, 'postgres.log');
  const more = [existsSync(log) ? `Its log is ${log}.` : '', alternative].filter((text) => text !== '').join(' ');
  const message = `The embedded Postgres in ${home} did not start: ${reasonOf(home, cause)}`;
  return new SyncError('DATABASE', more === '' ? message : `${message}\n${more}`, { cause });
}

function reasonOf(home: string, cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = systemErrorCode(cause) ?? '';
  if (text.startsWith('spawn ')) return `${text}. ${REINSTALL}`;
  if (cause instanceof CommandError) {
    if (/incompatible with server/.test(text)) return versionReason(home);
    const found = byOutput.find(([pattern]) => pattern.test(text));
    return found === undefined ? text : `${found[1]}. ${found[2]} It said: ${firstError(text)}`;
  }
  // Errors of a server that runs, but cannot open its database.
  if (/^(3D|42|58|XX)\w{3}$/.test(code)) return `files of the database are missing or damaged (${text}). ${MOVE_AWAY}`;
  const found = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  return found === undefined ? text : `${found[0]} (${text}). ${found[1]}`;
}

function versionReason(home: string): string {
  let version = 'another version';
  try {
    version = `version ${readFileSync(join(home, 'postgres/data/PG_VERSION'), 'utf8').trim()}`;
  } catch {}
  return (
    `its folder is of Postgres ${version}, and this cdd-sync has another one. Move the folder away; a new one is ` +
    'created then, and the next runs fill it. For the history in the old one, install the cdd-sync that made it.'
  );
}

/** The line that names the error; Postgres' programs print much else before it. */
function firstError(output: string): string {
  const lines = output.split('\n');
  return (lines.find((line) => /FATAL|PANIC|error|could not|not found/i.test(line)) ?? lines.at(-1) ?? '')
    .replace(/^.* It said: /, '')
    .trim();
}
