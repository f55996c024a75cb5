import { SyncError } from '../../model/sync-error.ts';
import { readEvidenceRights } from '../../store/ledger/evidence/rights.ts';
import { quoted } from '../../store/postgres/identifier.ts';
import type { Database } from '../../store/postgres/pool.ts';

/**
 * The documents are in schema cdd. @throws SyncError DATABASE that says which right is missing; also for a role that may not see
 * names, since its evidence would lack values without a sign of it.
 */
export async function requireEvidenceRights(database: Database): Promise<void> {
  const { role, mayReadLedger, mayReadReports } = await readEvidenceRights(database);
  const words = `The user of DATABASE_URL, ${role},`;
  const grant = `cdd-sync grant-reader --role ${role} --all`;
  if (!mayReadLedger) {
    throw new SyncError(
      'DATABASE',
      `${words} may not read schema cdd, which has the documents. An administrator of the database runs: grant usage on schema cdd to ${quoted(role)}; grant select on all tables in schema cdd to ${quoted(role)};`,
    );
  }
  if (!mayReadReports) {
    throw new SyncError('DATABASE', `${words} may not read schema reporting. An administrator runs: ${grant}`);
  }
  const [settings] = await database.$queryRaw<{ sees_names: boolean }[]>`select sees_names from reporting.settings`;
  if (settings?.sees_names !== false) return;
  throw new SyncError(
    'DATABASE',
    `${words} was granted without names, so its evidence would lack them. Use another user, or an administrator runs: ${grant}`,
  );
}
