import { withAdmin } from '../admin.ts';

/** A marker that was found, and its place: schema, table and column. */
export type Finding = { marker: string; place: string };

/**
 * Searches every column of every table and view of the database for the markers, as text, in any case; bytes also as text. Includes
 * the planner's statistics, which have values of columns.
 */
export async function searchEverywhere(url: string, markers: readonly string[]): Promise<Finding[]> {
  return withAdmin(url, async (client) => {
    const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(`
      select format('%I.%I', nspname, relname) as table, format('%I', attname) as column, atttypid::regtype::text as type
      from pg_class
      join pg_namespace on pg_namespace.oid = relnamespace
      join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
      where relkind in ('r', 'p', 'm', 'v')
        and (nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_toast' or relname = 'pg_statistic')
      order by 1, attnum`);
    const findings: Finding[] = [];
    for (const [table, ofTable] of Map.groupBy(columns, (column) => column.table)) {
      const texts = ofTable.map(({ column, type }) => {
        const text = type === 'bytea' ? `encode(${column}, 'escape')` : `${column}::text`;
        return `lower(string_agg(${text}, ' '))`;
      });
      const { rows } = await client.query<(string | null)[]>({
        text: `select ${texts.join(', ')} from ${table}`,
        rowMode: 'array',
      });
      for (const [index, { column }] of ofTable.entries()) {
        const text = rows[0]?.[index] ?? '';
        const found = markers.filter((marker) => text.includes(marker.toLowerCase()));
        findings.push(...found.map((marker) => ({ marker, place: `${table}.${column}` })));
      }
    }
    return findings;
  });
}
