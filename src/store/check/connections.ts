import type { Database } from '../postgres/pool.ts';
import { type Finding, finding } from './finding.ts';

type Limit = {
  maximum: number;
  /** Sessions that it leaves free now. */
  free: number;
  source: string;
};

/** Compares the limits of connections with the number that one worker may use. */
export async function checkConnections(database: Database, needed: number): Promise<Finding> {
  const limits = await database.$queryRaw<Limit[]>`
    select
      max_connections - reserved as maximum,
      max_connections - reserved - used as free,
      'max_connections of the server' as source
    from (
      select
        current_setting('max_connections')::integer as max_connections,
        current_setting('superuser_reserved_connections')::integer
          + coalesce(current_setting('reserved_connections', true)::integer, 0) as reserved,
        (select count(*)::integer from pg_catalog.pg_stat_activity where datid is not null) as used
    ) as server
    union all
    select
      rolconnlimit,
      rolconnlimit - (select count(*)::integer from pg_catalog.pg_stat_activity where usesysid = pg_roles.oid),
      'the connection limit of the role'
    from pg_catalog.pg_roles
    where rolname = current_user and rolconnlimit >= 0
    union all
    select
      datconnlimit,
      datconnlimit - (select count(*)::integer from pg_catalog.pg_stat_activity where datid = pg_database.oid),
      'the connection limit of the database'
    from pg_catalog.pg_database
    where datname = current_database() and datconnlimit >= 0`;
  const least = limits.toSorted((a, b) => a.maximum - b.maximum)[0];
  const fullest = limits.toSorted((a, b) => a.free - b.free)[0];
  if (least !== undefined && least.maximum < needed) {
    const message = `a worker uses up to ${needed}, and ${least.source} allows ${least.maximum}: raise it, lower concurrency, or use a pooler`;
    return finding('connections', 'warning', message);
  }
  if (fullest !== undefined && fullest.free < needed) {
    const message = `a worker uses up to ${needed}, and ${fullest.source} leaves ${Math.max(fullest.free, 0)} of ${fullest.maximum} free now: raise it before another worker starts`;
    return finding('connections', 'warning', message);
  }
  return finding('connections', 'ok', `a worker uses up to ${needed}; ${fullest?.free} are free now`);
}
