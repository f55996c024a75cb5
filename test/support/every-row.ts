import type { Database } from '../../src/store/postgres/pool.ts';

/** Digests of all tables of our schemas, which include the rows' physical versions. */
export async function everyRow(database: Database): Promise<Record<string, string>> {
  const tables = await database.$queryRaw<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name
    from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')
    order by 1`;
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await database.$queryRawUnsafe<{ digest: string }[]>(
      `select md5(coalesce(string_agg(r.xmin::text || r.xmax::text || r.ctid::text || r::text, ',' order by r.ctid), '')) as digest from ${name} as r`,
    );
    digests[name] = row?.digest ?? '';
  }
  return digests;
}
