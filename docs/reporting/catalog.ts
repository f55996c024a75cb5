import type pg from 'pg';

export type Column = { name: string; type: string; meaning: string | null };
export type View = { name: string; comment: string | null; columns: Column[] };
export type Catalog = { views: View[]; functions: Routine[] };
export type Routine = { name: string; comment: string | null; arguments: string; result: string };

/** The views and functions of schema reporting with their comments, ordered by name. */
export async function readCatalog(client: pg.Client): Promise<Catalog> {
  const views = await client.query<View>(`
    select
      relation.relname as name,
      obj_description(relation.oid, 'pg_class') as comment,
      json_agg(
        json_build_object(
          'name', attname,
          'type', format_type(atttypid, atttypmod),
          'meaning', col_description(relation.oid, attnum)
        )
        order by attnum
      ) as columns
    from pg_class as relation
    join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
    where relnamespace = 'reporting'::regnamespace and relkind in ('v', 'm', 'r', 'p', 'f')
    group by relation.oid
    order by 1`);
  const functions = await client.query<Routine>(`
    select
      proname as name,
      obj_description(oid, 'pg_proc') as comment,
      pg_get_function_arguments(oid) as arguments,
      pg_get_function_result(oid) as result
    from pg_proc
    where pronamespace = 'reporting'::regnamespace
    order by 1`);
  return { views: views.rows, functions: functions.rows };
}
