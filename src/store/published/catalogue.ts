// The views and functions of schema reporting, as the catalogs of Postgres describe them: also those of another version.
import type { Transaction } from '../postgres/pool.ts';

export type PublishedColumn = {
  name: string;
  /** As Postgres writes it, such as `timestamp with time zone` and `text[]`. */
  type: string;
};

/** A view of schema reporting, or a function that returns rows. */
export type Published = {
  name: string;
  /** Empty if there is none. */
  comment: string;
  columns: readonly PublishedColumn[];
  /** Null for a view. */
  parameters: readonly Parameter[] | null;
};

export type Parameter = PublishedColumn & { isOptional: boolean };

/** All views, then all functions, each by name. Every role may read the catalogs. */
export async function readPublished(tx: Pick<Transaction, '$queryRaw'>): Promise<Published[]> {
  return [...(await readViews(tx)), ...(await readFunctions(tx))];
}

function readViews(tx: Pick<Transaction, '$queryRaw'>): Promise<Published[]> {
  return tx.$queryRaw<Published[]>`
    select
      view_row.relname::text as name,
      coalesce(obj_description(view_row.oid, 'pg_class'), '') as comment,
      (
        select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, null)) order by attnum)
        from pg_catalog.pg_attribute
        where attrelid = view_row.oid and attnum > 0 and not attisdropped
      ) as columns,
      null as parameters
    from pg_catalog.pg_class as view_row
    where view_row.relnamespace = to_regnamespace('reporting') and view_row.relkind = 'v'
    order by view_row.relname`;
}

/** A function without columns returns one value: its column is named like the function, as in Postgres. */
function readFunctions(tx: Pick<Transaction, '$queryRaw'>): Promise<Published[]> {
  return tx.$queryRaw<Published[]>`
    select
      function_row.proname::text as name,
      coalesce(obj_description(function_row.oid, 'pg_proc'), '') as comment,
      coalesce(
        (
          select json_agg(json_build_object('name', arg.name, 'type', format_type(arg.type, null)) order by arg.place)
          from unnest(proallargtypes, proargmodes, proargnames) with ordinality as arg (type, mode, name, place)
          where arg.mode = 't'
        ),
        json_build_array(json_build_object('name', proname, 'type', format_type(prorettype, null)))
      ) as columns,
      coalesce(
        (
          select
            json_agg(
              json_build_object(
                'name', arg.name,
                'type', format_type(arg.type, null),
                'isOptional', arg.place > pronargs - pronargdefaults
              )
              order by arg.place
            )
          from unnest(proargtypes::oid[], proargnames[:pronargs]) with ordinality as arg (type, name, place)
        ),
        '[]'
      ) as parameters
    from pg_catalog.pg_proc as function_row
    where function_row.pronamespace = to_regnamespace('reporting') and function_row.prokind = 'f'
    order by function_row.proname`;
}
