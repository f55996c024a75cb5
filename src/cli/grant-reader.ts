import type { DatabaseSettings } from '../config/config.ts';
import { UsageError } from '../model/usage-error.ts';
import { visibleLine } from '../model/visible-text.ts';
import type { Database } from '../store/postgres/pool.ts';
import { EVERY_ACCOUNT, grantReader } from '../store/reports/reader-grants.ts';
import { applyReaderSettings, resetReaderSettings, type SettingsChange } from '../store/reports/reader-settings.ts';
import { type OddZone, oddZones, oddZoneText } from '../store/reports/reader-zones.ts';
import { withDatabase } from './database.ts';
import type { Output } from './process-context.ts';

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
  settings: DatabaseSettings,
  options: GrantOptions,
  { log, print }: Output,
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
    const visible = none ? 'no account' : all ? 'every account' : accountIds.join(', ');
    const restriction = withoutNames ? ', without names and organization numbers' : '';
    print(visibleLine(`${role} sees ${visible} in schema reporting${restriction}`));
    if (!options.settings) return;
    for (const line of await changeSettings(database, { role, isReader: !none })) print(line);
  });
}

/** Changes the role's settings and returns lines about it. A failure leaves the grants, which were saved before. */
async function changeSettings(
  database: Database,
  { role, isReader }: { role: string; isReader: boolean },
): Promise<string[]> {
  if (!isReader) return settingsText(await resetReaderSettings(database, role));
  const change = await applyReaderSettings(database, role);
  const zones = change.sql.length > 0 ? [] : await oddZones(database, role);
  return [...settingsText(change), ...zonesText(zones)];
}

function settingsText({ inForce, kept, reset, sql }: SettingsChange): string[] {
  const listed = inForce.map(({ name, value }) => `${name} = ${value}`).join(', ');
  return [
    ...(inForce.length > 0 ? [`new sessions of the role in this database have: ${listed}`] : []),
    ...kept.map(
      ({ name, value, wanted }) => `kept, because an administrator set it: ${name} = ${value} (not ${wanted})`,
    ),
    ...(reset.length > 0 ? [`taken away from new sessions of the role in this database: ${reset.join(', ')}`] : []),
  ]
    .map(visibleLine)
    .concat(
      sql.length === 0
        ? []
        : ['Its settings did not change: the user of DATABASE_URL may not alter the role. An administrator runs this:'],
      ...sql,
    );
}

function zonesText(zones: readonly OddZone[]): string[] {
  if (zones.length === 0) return [];
  return [
    ...zones.map((zone) => visibleLine(oddZoneText(zone))),
    'To count as the reports do, an administrator runs this:',
    ...zones.map(({ sql }) => sql),
  ];
}
