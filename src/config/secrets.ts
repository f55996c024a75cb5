import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemErrorCode } from '../model/system-error.ts';
import { type Issue, pathText } from './problems.ts';
import type { Entries, Entry } from './rules.ts';

/** Secrets from the files that `clientSecretFile` names, by the path of their entry, such as `accounts[0]`. */
type SecretFiles = { secrets: ReadonlyMap<string, string>; issues: Issue[] };

/** Reads the entries' secret files, relative to `folder`, without the newline that editors add at the end. */
export async function readSecretFiles({ partners, accounts }: Entries, folder: string): Promise<SecretFiles> {
  const secrets = new Map<string, string>();
  const issues: Issue[] = [];
  for (const { path, clientSecretFile } of [...partners, ...accounts]) {
    if (typeof clientSecretFile !== 'string') continue;
    const result = await readSecret(resolve(folder, clientSecretFile));
    if ('secret' in result) secrets.set(pathText(path), result.secret);
    else issues.push({ path: [...path, 'clientSecretFile'], message: result.message });
  }
  return { secrets, issues };
}

// No message names the file: the name may be the secret itself, under the wrong key.
async function readSecret(file: string): Promise<{ secret: string } | { message: string }> {
  try {
    const secret = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    if (secret.trim() !== '') return { secret };
    return { message: 'names a file that is empty; it must hold the secret and nothing else' };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') {
      return {
        message: 'names a file that does not exist; a relative name starts at the folder of the configuration file',
      };
    }
    return {
      message: `names a file that cannot be read (${systemErrorCode(error)}); it must be a file that the current user may read`,
    };
  }
}

/** Secrets that are written in the file itself. Takes the entries before variables are substituted. */
export function plainTextSecrets({ partners, accounts }: Entries): Issue[] {
  return [...partners, ...accounts].flatMap((entry) =>
    (['clientSecret', 'webhookSecret'] as const)
      .filter((key) => isPlainText(entry[key]))
      .map((key) => ({
        path: [...entry.path, key],
        message: `is in plain text; put it in an environment variable and write \${NAME} here`,
      })),
  );
}

function isPlainText(secret: Entry['clientSecret']): boolean {
  return typeof secret === 'string' && !secret.includes('${');
}
