import { visibleLine } from '../../model/visible-text.ts';
import { EVERY_ACCOUNT } from '../../store/reports/reader-grants.ts';
import type { SettingsChange } from '../../store/reports/reader-settings.ts';
import { type OddZone, oddZoneText } from '../../store/reports/reader-zones.ts';
import type { Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';

type Grant = { role: string; accountIds: readonly string[]; withNames: boolean };

/** Which accounts a role sees now. */
export function grantLines({ role, accountIds, withNames }: Grant, style: Style): string[] {
  const restriction = withNames ? '' : ', without names and organization numbers';
  return prose([`${role} sees ${visibleAccounts(accountIds)} in schema reporting${restriction}`], style);
}

function visibleAccounts(accountIds: readonly string[]): string {
  if (accountIds.length === 0) return 'no account';
  return accountIds.includes(EVERY_ACCOUNT) ? 'every account' : accountIds.join(', ');
}

/** What new sessions of the role have, and the SQL for an administrator if this user may not change the role. */
export function settingsLines({ inForce, kept, reset, sql }: SettingsChange, style: Style): string[] {
  const listed = inForce.map(({ name, value }) => `${name} = ${value}`).join(', ');
  const texts = [
    ...(inForce.length > 0 ? [`new sessions of the role in this database have: ${listed}`] : []),
    ...kept.map(
      ({ name, value, wanted }) => `kept, because an administrator set it: ${name} = ${value} (not ${wanted})`,
    ),
    ...(reset.length > 0 ? [`taken away from new sessions of the role in this database: ${reset.join(', ')}`] : []),
  ];
  if (sql.length === 0) return prose(texts, style);
  return [
    ...prose([...texts, 'Its settings did not change: the user of DATABASE_URL may not alter the role.'], style),
    'An administrator runs this:',
    ...sql,
  ];
}

/** Logins that count other months than the reports, and the SQL that makes them count the same. */
export function zoneLines(zones: readonly OddZone[], style: Style): string[] {
  if (zones.length === 0) return [];
  return [
    ...prose(zones.map(oddZoneText), style),
    'To count as the reports do, an administrator runs this:',
    ...zones.map(({ sql }) => sql),
  ];
}

/** Statements stay whole, so that they can be copied; sentences are wrapped. */
function prose(texts: readonly string[], { width }: Style): string[] {
  return texts.flatMap((text) => wrap(visibleLine(text), width));
}
