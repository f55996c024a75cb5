import { readFile } from 'node:fs/promises';
import type { Variables } from './substitution.ts';
import { substitute } from './substitution.ts';
import { parseYaml } from './yaml.ts';

type AccountName = { id: string; label: string | null };

/** As the API has them. A shell would expand other characters. */
const ID = /^[A-Za-z0-9_-]+$/;

/**
 * The accounts that a file or the environment names, for a shell that completes words: as far as they can be read, also
 * from a file with mistakes or without its secrets.
 */
export async function configuredNames(path: string, env: Variables): Promise<AccountName[]> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return namesOf([{ id: env.DINTERO_ACCOUNT_ID }]);
  const { tree } = substitute(parseYaml(text).content?.tree, env);
  const accounts: unknown = fieldOf(tree, 'accounts');
  return Array.isArray(accounts) ? namesOf(accounts) : [];
}

function namesOf(accounts: readonly unknown[]): AccountName[] {
  return accounts.flatMap((account) => {
    const [id, label] = [fieldOf(account, 'id'), fieldOf(account, 'label')];
    if (typeof id !== 'string' || !ID.test(id)) return [];
    return [{ id, label: typeof label === 'string' ? label : null }];
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
