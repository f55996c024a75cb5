import { SyncError } from '../../model/sync-error.ts';
import { missingReadRights } from '../../store/ledger/verify/rights.ts';
import { quoted } from '../../store/postgres/identifier.ts';
import type { Database } from '../../store/postgres/pool.ts';

/** @throws SyncError DATABASE with the missing rights, for a role that reads the reports only, for instance. */
export async function requireReadable(database: Database): Promise<void> {
  const missing = await missingReadRights(database);
  if (missing === null) return;
  const role = quoted(missing.role);
  const lacks = missing.mayUseSchema
    ? `lacks the right to read ${missing.tables.length === 1 ? 'table' : 'tables'} ${missing.tables.join(', ')} of schema cdd`
    : 'lacks the right to use schema cdd';
  throw new SyncError(
    'DATABASE',
    `verify reads the tables themselves, and the user of DATABASE_URL, ${missing.role}, ${lacks}. ` +
      `An administrator grants it: grant usage on schema cdd to ${role}; grant select on all tables in schema cdd to ${role}; ` +
      'Or verify with the login of the worker. A login that may read schema cdd sees all personal data.',
  );
}
