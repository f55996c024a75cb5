import { inject, onTestFinished } from 'vitest';
import { quoted } from '../../src/store/postgres/identifier.ts';
import { temporaryName, withAdmin } from './admin.ts';

/**
 * Creates a role that can log in, and returns its name. `suffix` makes the name an odd one. The role is dropped when the
 * test ends; databases in which it owns something or has rights must be gone then, so create them after it.
 */
export async function createLogin(attributes = '', suffix = ''): Promise<string> {
  const role = temporaryName('test') + suffix;
  const { url } = inject('postgres');
  await withAdmin(url, (admin) => admin.query(`create role ${quoted(role)} login password 'p' ${attributes}`));
  onTestFinished(() => withAdmin(url, async (admin) => void (await admin.query(`drop role ${quoted(role)}`))));
  return role;
}

/** The connection string for another role. */
export function urlAs(url: string, role: string): string {
  const other = new URL(url);
  other.username = encodeURIComponent(role);
  other.password = 'p';
  return other.href;
}
