import { grantLines, settingsLines, zoneLines } from '../../../src/cli/grant-reader/text.ts';
import { migratedLines } from '../../../src/cli/migrate.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

testSnapshots('migrate', {
  lines: (style) => [
    ...migratedLines({ applied: ['20261130171454_ledger'], definitions: 1, current: '20261130171454_ledger' }, style),
    '',
    ...migratedLines({ applied: [], definitions: 0, current: '20261130171454_ledger' }, style),
  ],
  ids: ['nothing to do'],
});

const accountIds = Array.from({ length: 12 }, (_, index) => `P${12345600 + index}`);
const timezone = { name: 'timezone', value: 'Europe/Oslo' };
const workMemory = { name: 'work_mem', value: '64MB' };
const sql = `alter role "bi" in database "cdd" set timezone = 'Europe/Oslo';`;

testSnapshots('grant-reader', {
  lines: (style) => [
    ...grantLines({ role: 'bi', accountIds, withNames: false }, style),
    ...settingsLines({ inForce: [timezone], kept: [{ ...workMemory, wanted: '128MB' }], reset: [], sql: [] }, style),
    ...zoneLines([{ role: ODD_TEXTS.hostile, timezone: 'UTC', wanted: 'Europe/Oslo', sql }], style),
    '',
    ...grantLines({ role: ODD_TEXTS.hostile, accountIds: ['*'], withNames: true }, style),
    ...settingsLines({ inForce: [], kept: [], reset: [], sql: [sql] }, style),
    '',
    ...grantLines({ role: ODD_TEXTS.wide, accountIds: [], withNames: true }, style),
    ...settingsLines({ inForce: [], kept: [], reset: ['timezone', 'work_mem'], sql: [] }, style),
  ],
  ids: [...accountIds, sql],
});
