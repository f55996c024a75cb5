import { SyncError } from '../../model/sync-error.ts';
import { missingReadRights } from '../../store/ledger/read-rights.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { ledgerGrant } from '../ledger-grant.ts';

/** @throws SyncError DATABASE with the missing rights, for a role that reads the reports only, for instance. */
export async function requireReadable(database: Database): Promise<void> {
  const missing = await missingReadRights(database, 'cdd');
  if (missing === null) return;
  const { role, mayUseSchema, tables } = missing;
  const lacks = mayUseSchema
    ? `lacks the right to read ${tables.length === 1 ? 'table' : 'tables'} ${tables.join(', ')} of schema cdd`
    : 'lacks the right to use schema cdd';
  throw new SyncError(
    'DATABASE',
    `verify reads the tables themselves, and the user of DATABASE_URL, ${role}, ${lacks}. ` +
      `An administrator grants it: ${ledgerGrant(role)} ` +
      'Or verify with the login of the worker. A login that may read schema cdd sees all personal data.',
  );
}
