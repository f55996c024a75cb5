import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { UsageError } from '../model/usage-error.ts';
import { EVERY_ACCOUNT, grantReader } from '../store/reports/reader-grants.ts';
import { withDatabase } from './with-database.ts';

export type GrantOptions = { role: string; account?: string[]; all?: boolean; none?: boolean };

/** Says which accounts a database role sees in schema reporting; what it saw before ends. */
export async function runGrantReader(
  settings: Pick<Config, 'databaseUrl' | 'home'>,
  options: GrantOptions,
  { log, print }: { log: Log; print: (line: string) => void },
): Promise<number> {
  const { role, account: named = [], all = false, none = false } = options;
  if (role === '') throw new UsageError('--role needs the name of a role');
  if ([named.length > 0, all, none].filter(Boolean).length !== 1) {
    throw new UsageError('say which accounts the role may see: --account ID (may be repeated), --all or --none');
  }
  const accountIds = all ? [EVERY_ACCOUNT] : [...new Set(named)];
  return withDatabase(settings, log, async (database) => {
    await grantReader(database, { role, accountIds });
    const seen = none ? 'no account' : all ? 'every account' : accountIds.join(', ');
    print(`${role} sees ${seen} in schema reporting`);
    return 0;
  });
}
