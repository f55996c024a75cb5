import type { DatabaseSettings } from '../config/config.ts';
import { UsageError } from '../model/usage-error.ts';
import { visibleLine } from '../model/visible-text.ts';
import { EVERY_ACCOUNT, grantReader } from '../store/reports/reader-grants.ts';
import { withDatabase } from './database.ts';
import type { Output } from './process-context.ts';

export type GrantOptions = { role: string; account?: string[]; all?: boolean; none?: boolean };

/** Sets which accounts a database role sees in schema reporting, in place of those it saw before. */
export async function runGrantReader(
  settings: DatabaseSettings,
  options: GrantOptions,
  { log, print }: Output,
): Promise<void> {
  const { role, account: ids = [], all = false, none = false } = options;
  if (role === '') throw new UsageError('--role needs the name of a database role');
  if ([ids.length > 0, all, none].filter(Boolean).length !== 1) {
    throw new UsageError(
      'give the accounts that the role may see: either --account ID (may be repeated), --all or --none',
    );
  }
  const accountIds = all ? [EVERY_ACCOUNT] : [...new Set(ids)];
  return withDatabase(settings, log, async (database) => {
    await grantReader(database, { role, accountIds });
    const visible = none ? 'no account' : all ? 'every account' : accountIds.join(', ');
    print(visibleLine(`${role} sees ${visible} in schema reporting`));
  });
}
