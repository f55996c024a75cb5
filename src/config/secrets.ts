import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Finding, pathText } from './problems.ts';
import type { Entries, Entry } from './rules.ts';

/** What the files hold that `clientSecretFile` names, by the path of the entry, `accounts[0]`. */
type SecretFiles = { secrets: ReadonlyMap<string, string>; findings: Finding[] };

/** Reads the files that entries name, relative to `folder`, without the newline that editors put at the end. */
export async function readSecretFiles({ partners, accounts }: Entries, folder: string): Promise<SecretFiles> {
  const secrets = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { path, clientSecretFile } of [...partners, ...accounts]) {
    if (typeof clientSecretFile !== 'string') continue;
    const result = await readSecret(resolve(folder, clientSecretFile));
    if ('secret' in result) secrets.set(pathText(path), result.secret);
    else findings.push({ path: [...path, 'clientSecretFile'], message: result.message });
  }
  return { secrets, findings };
}

// No message names the file: it may be the secret itself, put under the wrong key.
async function readSecret(file: string): Promise<{ secret: string } | { message: string }> {
  try {
    const secret = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    if (secret.trim() !== '') return { secret };
    return { message: 'names a file that is empty; it must hold the secret and nothing else' };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return {
        message: 'names a file that does not exist; a relative name starts at the folder of the configuration file',
      };
    }
    return { message: `names a file that cannot be read (${errorCode(error)}); it must be a file this user may read` };
  }
}

/** The system's word for what went wrong with a file, ENOENT for example. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** Secrets that stand in the file itself; takes the tree's entries as they were before variables were put in. */
export function secretsInClear({ partners, accounts }: Entries): Finding[] {
  return [...partners, ...accounts].flatMap((entry) =>
    (['clientSecret', 'webhookSecret'] as const)
      .filter((key) => isClear(entry[key]))
      .map((key) => ({
        path: [...entry.path, key],
        message: `is written in clear; put it in a variable and write \${NAME}`,
      })),
  );
}

function isClear(secret: Entry['clientSecret']): boolean {
  return typeof secret === 'string' && !secret.includes('${');
}
