// Everything that the worker has stored of both accounts, read at once.
import type pg from 'pg';
import { connectReader } from '../admin.ts';
import { type Instant, parseInstant } from '../reference/instant.ts';
import { parseForComparison } from './exact-json.ts';

/** A row of a table as JSON. */
export type StoredRow = { [column: string]: unknown };

/** The tables of history, and the columns that tell their facts apart from times and runs of recording. */
export const HISTORY = {
  case_revisions: ['account_id', 'case_id', 'body'],
  case_events: ['account_id', 'case_id', 'id', 'body'],
  status_transitions: [
    'account_id',
    'case_id',
    'sequence',
    'from_status',
    'from_since',
    'to_status',
    'occurred_at',
    'occurred_at_source',
    'event_id',
  ],
  case_problems: ['account_id', 'case_id', 'path', 'reason'],
  case_states: [
    'account_id',
    'case_id',
    'status',
    'status_since',
    'created_at',
    'deleted_at',
    'missing_since',
    'opened_at',
    'first_decided_at',
    'first_decision',
    'decision_route',
    'first_approved_at',
    'first_declined_at',
    'furthest_rank',
  ],
} as const;
export type HistoryTable = keyof typeof HISTORY;

export type StoredRows = Record<HistoryTable, StoredRow[]> & {
  /** With column `version`: the physical version of the row. */
  cases: StoredRow[];
  rejected_items: StoredRow[];
  /** Of each account the newest one. */
  runs: StoredRow[];
  now: string;
};

const rowsOf = (query: string) => `(select coalesce(jsonb_agg(found), '[]') from (${query}) as found)`;

const READ = `
  select jsonb_build_object(
    ${Object.keys(HISTORY)
      .map((table) => `'${table}', ${rowsOf(`select * from cdd.${table}`)},`)
      .join('\n    ')}
    'cases', ${rowsOf(`select *, ctid::text || xmin::text as version from cdd.cases`)},
    'rejected_items', ${rowsOf(`select * from cdd.rejected_items`)},
    'runs', ${rowsOf(`select distinct on (account_id) * from cdd.sync_runs order by account_id, started_at desc`)},
    'now', clock_timestamp()
  )::text as stored`;

/** Reads all rows. */
export async function readStoredRows(client: pg.Client): Promise<StoredRows> {
  const { rows } = await client.query<{ stored: string }>({ name: 'stored', text: READ });
  if (rows[0] === undefined) throw new Error('no row');
  return parseForComparison(rows[0].stored) as StoredRows;
}

/** The document of every case as known at each of these times: by time, account and case. */
export async function readDocuments(client: pg.Client, times: readonly string[]): Promise<Map<string, unknown>> {
  const { rows } = await client.query<{ name: string; document: string | null }>({
    name: 'documents',
    text: `
      select asked.at || ' ' || account_id || ' ' || id as name,
        cdd.case_document(account_id, id, asked.at::timestamptz)::text as document
      from unnest($1::text[]) as asked (at)
      cross join cdd.cases`,
    values: [times],
  });
  return new Map(rows.map(({ name, document }) => [name, document === null ? null : parseForComparison(document)]));
}

/** Whether a row of history was current at a time. */
export function wasKnown({ recorded_at, superseded_at }: StoredRow, at: Instant): boolean {
  return instant(recorded_at) <= at && (superseded_at === null || instant(superseded_at) > at);
}

/** The facts of a row of history as text. */
export function factsOf(table: HistoryTable, row: StoredRow): string {
  return JSON.stringify(HISTORY[table].map((column) => row[column]));
}

/** Reads a time of a row. */
export function instant(time: unknown): Instant {
  return parseInstant(String(time)) ?? Number.NaN;
}

/** Opens the connection for all reading. Its time zone is unlike any that the tests configure. */
export async function connect(url: string): Promise<pg.Client> {
  const client = await connectReader(url);
  await client.query(`set timezone = 'Pacific/Auckland'; set jit = off`);
  return client;
}

/** Empties the tables, faster than a new database. */
export async function deleteAll(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables
     where schemaname = 'cdd' and tablename not in
       ('report_settings', 'status_targets', 'business_days', 'business_slots', 'review_rules', 'retention_rules', 'fact_reading', 'applied_definitions', 'schema_versions', 'case_statuses', '_prisma_migrations')`,
  );
  // As a replica, Postgres checks no foreign keys and calls no triggers.
  const deletes = rows.map(({ name }) => `delete from cdd.${name};`);
  await client.query(
    `begin; set local session_replication_role = replica; ${deletes.join(' ')} delete from cdd.case_statuses where not known; commit`,
  );
}
