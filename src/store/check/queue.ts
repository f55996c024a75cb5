import { identifier } from '../postgres/identifier.ts';
import type { Database } from '../postgres/pool.ts';

/** The schema of pg-boss, and the version of its tables that this program needs. */
export type Queue = { schema: string; version: number };

/** Whether pg-boss will change its tables when it starts. The role must be allowed to read them. */
export async function isQueueOlder(database: Database, { schema, version }: Queue): Promise<boolean> {
  const [found] = await database.$queryRaw<{ exists: boolean }[]>`
    select exists (
      select
      from pg_catalog.pg_class as relation
      join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
      where namespace.nspname = ${schema} and relation.relname = 'version'
    ) as exists`;
  if (!found?.exists) return false;
  const [installed] = await database.$queryRaw<{ version: number }[]>`
    select max(version)::integer as version from ${identifier(schema)}.version`;
  return (installed?.version ?? 0) < version;
}
