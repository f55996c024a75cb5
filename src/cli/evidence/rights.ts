import { SyncError } from '../../model/sync-error.ts';
import { missingReadRights } from '../../store/ledger/read-rights.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { onlyRow } from '../../store/postgres/query.ts';
import { ledgerGrant } from '../ledger-grant.ts';

/** The tables and views that evidence is read from. */
const SOURCES = {
  cdd: [
    '_prisma_migrations',
    'batch_digests',
    'case_digests',
    'case_events',
    'case_facts',
    'case_problems',
    'case_revisions',
    'case_statuses',
    'cases',
    'digest_links',
    'erasures',
    'event_bodies',
    'event_revisions',
    'legal_holds',
    'rejected_items',
    'row_digests',
    'status_transitions',
    'sync_runs',
  ],
  reporting: ['case_changes', 'case_timeline', 'cases', 'settings'],
};

/**
 * @throws SyncError DATABASE for a role that may not read a schema, with the statements that grant it; also for one that may not see
 * names, since its evidence would lack values without a sign of it.
 */
export async function requireEvidenceRights(database: Database): Promise<void> {
  const ledger = await missingReadRights(database, 'cdd', SOURCES.cdd);
  if (ledger !== null) {
    throw new SyncError(
      'DATABASE',
      `${userText(ledger.role)} may not read schema cdd, which has the documents. An administrator of the database runs: ${ledgerGrant(ledger.role)}`,
    );
  }
  const reports = await missingReadRights(database, 'reporting', SOURCES.reporting);
  if (reports !== null) {
    throw new SyncError(
      'DATABASE',
      `${userText(reports.role)} may not read schema reporting. An administrator runs: ${readerGrant(reports.role)}`,
    );
  }
  const { role, seesNames } = onlyRow(
    await database.$queryRaw<{ role: string; seesNames: boolean | null }[]>`
      select current_user::text as role, (select sees_names from reporting.settings) as "seesNames"`,
  );
  if (seesNames !== false) return;
  throw new SyncError(
    'DATABASE',
    `${userText(role)} was granted without names, so its evidence would lack them. Use another user, or an administrator runs: ${readerGrant(role)}`,
  );
}

function userText(role: string): string {
  return `The user of DATABASE_URL, ${role},`;
}

function readerGrant(role: string): string {
  return `cdd-sync grant-reader --role ${role} --all`;
}
