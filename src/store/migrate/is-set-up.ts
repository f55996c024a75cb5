import type { Database } from '../postgres/pool.ts';

/** Whether the database has tables of cdd-sync, of any version. Needs no right: the catalogs are open to every role. */
export async function isSetUp(database: Database): Promise<boolean> {
  const [found] = await database.$queryRaw<{ found: boolean }[]>`
    select exists (
      select
      from pg_catalog.pg_class as relation
      join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
      where namespace.nspname = 'cdd' and relation.relname = '_prisma_migrations'
    ) as found`;
  return found?.found === true;
}
