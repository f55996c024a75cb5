// The file .env of the working folder: variables of a program that is started by hand. Compose and systemd read
// such a file themselves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { decodeUtf8 } from '../config/encoding.ts';
import { systemErrorCode } from '../model/system-error.ts';

export const ENV_FILE = '.env';

/**
 * Adds the variables of the folder's .env to these. A variable that is set and not empty stays as it is. Returns the
 * problem of the file; null if it is fine or does not exist.
 */
export function loadEnvFile(folder: string, variables: NodeJS.ProcessEnv): string | null {
  const path = join(folder, ENV_FILE);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return `${path} cannot be read by the user of this process (${code}), so its variables are not set; let this user read it, or set them in its environment`;
  }
  const decoded = decodeUtf8(bytes);
  if ('message' in decoded) return `${path} ${decoded.message}; its variables are not set`;
  for (const [name, value] of Object.entries(parseEnv(decoded.text))) variables[name] ||= value;
  return null;
}

/** A line of .env that gives the variable exactly this value; null if no form of quotes can. */
export function envLine(name: string, value: string): string | null {
  // Single quotes first: Compose replaces $NAME in all other forms.
  const plain = /^[\w./:@%+=,-]+$/.test(value) ? [value] : [];
  const forms = [...plain, `'${value}'`, `"${value}"`, `\`${value}\``];
  return forms.map((form) => `${name}=${form}`).find((line) => parseEnv(line)[name] === value) ?? null;
}
