import type { Database } from '../../postgres/pool.ts';
import { onlyRow } from '../../postgres/query.ts';

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

export type EvidenceRights = { role: string; mayReadLedger: boolean; mayReadReports: boolean };

/** Asks the catalogs, which every role may read. By oid: a name cannot be looked up in a schema that one may not use. */
export async function readEvidenceRights(database: Pick<Database, '$queryRaw'>): Promise<EvidenceRights> {
  return onlyRow(
    await database.$queryRaw<EvidenceRights[]>`
      select
        current_user::text as role,
        bool_and(is_readable) filter (where schema_name = 'cdd') as "mayReadLedger",
        bool_and(is_readable) filter (where schema_name = 'reporting') as "mayReadReports"
      from (
        select
          namespace.nspname as schema_name,
          has_schema_privilege(namespace.oid, 'usage') and has_table_privilege(relation.oid, 'select') as is_readable
        from pg_catalog.pg_class as relation
        join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
        where (namespace.nspname = 'cdd' and relation.relname = any(${SOURCES.cdd}))
          or (namespace.nspname = 'reporting' and relation.relname = any(${SOURCES.reporting}))
      ) as source`,
  );
}
