import { identifier } from '../postgres/identifier.ts';
import type { Database } from '../postgres/pool.ts';

/** The schema of pg-boss, and the version of its tables that this program needs. */
export type Queue = { schema: string; version: number };

/** State of the tables of pg-boss; `unknown` = the role may not look. */
export type QueueState = 'none' | 'current' | 'older' | 'unknown';

/** Compares the tables of pg-boss with this program. `mayRead`: whether the role may read all tables of the schema. */
export async function queueState(
  database: Database,
  { schema, version }: Queue,
  mayRead: boolean,
): Promise<QueueState> {
  const [found] = await database.$queryRaw<{ exists: boolean }[]>`
    select exists (
      select
      from pg_catalog.pg_class as relation
      join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
      where namespace.nspname = ${schema} and relation.relname = 'version'
    ) as exists`;
  if (!found?.exists) return 'none';
  if (!mayRead) return 'unknown';
  const [installed] = await database.$queryRaw<{ version: number }[]>`
    select max(version)::integer as version from ${identifier(schema)}.version`;
  return (installed?.version ?? 0) < version ? 'older' : 'current';
}
