import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode } from '../model/system-error.ts';
import { decodeUtf8 } from './encoding.ts';
import { wrappingHint } from './must-be.ts';
import type { Issue } from './problems.ts';
import { type Entries, type Entry, issueAt } from './rules.ts';

/** Secrets from the files that `clientSecretFile` names, with the path of their entry. */
type SecretFiles = { secrets: { path: Entry['path']; secret: string }[]; issues: Issue[] };

/** Reads the entries' secret files, relative to `folder`, without the newline that editors add at the end. */
export async function readSecretFiles({ partners, accounts }: Entries, folder: string): Promise<SecretFiles> {
  const found: SecretFiles = { secrets: [], issues: [] };
  for (const entry of [...partners, ...accounts]) {
    const { path, clientSecretFile } = entry;
    if (typeof clientSecretFile !== 'string') continue;
    const outcome = await readSecretFile(resolve(folder, clientSecretFile));
    if ('secret' in outcome) found.secrets.push({ path, ...outcome });
    else found.issues.push(issueAt(entry, 'clientSecretFile', outcome.message));
  }
  return found;
}

/** The secret in a file, or what is wrong. The message does not name the file: the name may be the secret itself. */
export async function readSecretFile(path: string): Promise<{ secret: string } | { message: string }> {
  try {
    return secretOf(await readFile(path));
  } catch (error) {
    return { message: unreadableMessage(systemErrorCode(error)) };
  }
}

/** The newline that editors and `echo` add is no part of the secret. */
function secretOf(bytes: Buffer): { secret: string } | { message: string } {
  const decoded = decodeUtf8(bytes);
  if ('message' in decoded) return { message: `names a file that ${decoded.message}` };
  const secret = decoded.text.replace(/\r?\n$/, '');
  if (secret.trim() === '') return { message: 'names a file that is empty; it must hold the secret and nothing else' };
  const hint = wrappingHint(secret);
  return hint === '' ? { secret } : { message: `names a file that must hold the secret and nothing else: ${hint}` };
}

function unreadableMessage(code: string | undefined): string {
  return code === 'ENOENT'
    ? 'names a file that does not exist; a relative name starts at the folder of the configuration file, and ~ is not replaced'
    : `names a file that cannot be read (${code}); it must be a file that the current user may read`;
}

/** Secrets that are written in the file itself. Takes the entries before variables are substituted. */
export function plainTextSecrets({ partners, accounts }: Entries): Issue[] {
  return [...partners, ...accounts].flatMap((entry) =>
    (['clientSecret', 'webhookSecret'] as const)
      .filter((key) => isPlainText(entry[key]))
      .map((key) => issueAt(entry, key, `is in plain text; put it in an environment variable and write \${NAME} here`)),
  );
}

/** Whether a secret of the file is written there itself. */
export function isPlainText(secret: unknown): boolean {
  return typeof secret === 'string' && !secret.includes('${');
}
