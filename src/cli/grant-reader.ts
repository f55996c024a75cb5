import { UsageError } from '../model/usage-error.ts';
import type { Database } from '../store/postgres/pool.ts';
import { EVERY_ACCOUNT, grantReader } from '../store/reports/reader-grants.ts';
import { applyReaderSettings, resetReaderSettings } from '../store/reports/reader-settings.ts';
import { oddZones } from '../store/reports/reader-zones.ts';
import { type LookSettings, withDatabase } from './database.ts';
import { grantLines, settingsLines, zoneLines } from './grant-reader/text.ts';
import type { Output } from './process-context.ts';
import type { Style } from './terminal/style.ts';

export type GrantOptions = {
  role: string;
  account?: string[];
  all?: boolean;
  none?: boolean;
  withoutNames?: boolean;
  settings: boolean;
};

/**
 * Sets which accounts a database role sees in schema reporting, in place of those it saw before, whether it sees names
 * there, and what its sessions need to count as the reports do.
 */
export async function runGrantReader(
  settings: LookSettings,
  options: GrantOptions,
  { log, print, style }: Output,
): Promise<void> {
  const { role, account: ids = [], all = false, none = false, withoutNames = false } = options;
  if (role === '') throw new UsageError('--role needs the name of a database role');
  if ([ids.length > 0, all, none].filter(Boolean).length !== 1) {
    throw new UsageError(
      'give the accounts that the role may see: either --account ID (may be repeated), --all or --none',
    );
  }
  if (none && withoutNames) throw new UsageError('--without-names goes with --account or --all, not with --none');
  const accountIds = all ? [EVERY_ACCOUNT] : [...new Set(ids)];
  return withDatabase(settings, log, async (database) => {
    await grantReader(database, { role, accountIds, withNames: !withoutNames });
    for (const line of grantLines({ role, accountIds, withNames: !withoutNames }, style)) print(line);
    if (!options.settings) return;
    for (const line of await changeSettings(database, { role, isReader: !none }, style)) print(line);
  });
}

/** Changes the role's settings and returns lines about it. A failure leaves the grants, which were saved before. */
async function changeSettings(
  database: Database,
  { role, isReader }: { role: string; isReader: boolean },
  style: Style,
): Promise<string[]> {
  if (!isReader) return settingsLines(await resetReaderSettings(database, role), style);
  const change = await applyReaderSettings(database, role);
  const zones = change.sql.length > 0 ? [] : await oddZones(database, role);
  return [...settingsLines(change, style), ...zoneLines(zones, style)];
}
