// dbt over schema reporting: the project of deploy/dbt, built twice with a sync between.
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { withAdmin } from '../admin.ts';
import { run } from './programs.ts';
import { preparePython } from './python.ts';
import { PASSWORD, type World } from './world.ts';

const PROJECT = join(import.meta.dirname, '../../../deploy/dbt');

const results = z.object({
  results: z.array(
    z.object({
      unique_id: z.string(),
      status: z.string(),
      adapter_response: z.object({ rows_affected: z.number().optional() }),
    }),
  ),
});
const catalog = z.object({
  nodes: z.record(
    z.string(),
    z.object({ columns: z.record(z.string(), z.object({ comment: z.string().nullable() })) }),
  ),
  sources: z.record(
    z.string(),
    z.object({ columns: z.record(z.string(), z.object({ comment: z.string().nullable() })) }),
  ),
});

/** Returns what was found right; throws for the first thing that is not. */
export async function tryDbt(world: World, home: string): Promise<string[]> {
  const bin = await preparePython('dbt');
  const cwd = join(home, 'dbt');
  await cp(PROJECT, cwd, { recursive: true });
  const role = await world.createReader(
    'all',
    (name) =>
      `alter role ${name} set default_transaction_read_only = off; create schema analytics authorization ${name}`,
  );
  const dbt = (...args: string[]) => run(join(bin, 'dbt'), args, { cwd, env: environment(world.url, role) });

  await dbt('build');
  const first = await builtCases(cwd);
  const total = await requireEqualRows(world);
  requireThat(first > 0 && first === total, `the first build copied ${first} of ${total} cases`);

  await world.goOn();
  // All of the history was learned within the last hour, so the usual lookback would copy everything.
  await dbt('build', '--vars', '{lookback: 0 seconds}');
  const second = await builtCases(cwd);
  const later = await requireEqualRows(world);
  requireThat(
    second > 0 && second < later,
    `the second build copied ${second} of ${later} cases, not only those changed`,
  );

  await requireEqualMonths(world);
  await dbt('docs', 'generate');
  await requireComments(cwd);
  return [
    `dbt build: ${first} cases, then ${second} of ${later} after a sync; all rows equal the view's`,
    "dbt's months equal those of reporting.funnel_monthly; tests passed; docs have the comments of the views",
  ];
}

function environment(url: string, role: string): Record<string, string> {
  const { hostname, port, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGDATABASE: pathname.slice(1),
    PGUSER: role,
    PGPASSWORD: PASSWORD,
    DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
  };
}

async function readTarget<T>(cwd: string, file: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await readFile(join(cwd, 'target', file), 'utf8')));
}

/** The number of rows that the last build wrote into the model `cases`. */
async function builtCases(cwd: string): Promise<number> {
  const { results: all } = await readTarget(cwd, 'run_results.json', results);
  const tests = all.filter(({ unique_id }) => unique_id.startsWith('test.'));
  requireThat(tests.length > 4 && tests.every(({ status }) => status === 'pass'), 'a test of dbt did not pass');
  return all.find(({ unique_id }) => unique_id === 'model.cdd_sync.cases')?.adapter_response.rows_affected ?? 0;
}

/** Compares the model with the view, by the model's columns. Returns the number of rows. */
async function requireEqualRows({ url }: World): Promise<number> {
  return withAdmin(url, async (admin) => {
    const { rows: columns } = await admin.query(
      `select string_agg(quote_ident(attname), ', ' order by attnum) as list
       from pg_attribute where attrelid = 'analytics.cases'::regclass and attnum > 0 and not attisdropped`,
    );
    const list: string = columns[0].list;
    const { rows } = await admin.query(`
      with model as (select ${list} from analytics.cases), view as (select ${list} from reporting.cases)
      select
        (select count(*)::integer from view) as cases,
        (select count(*)::integer from (table model except all table view) as extra_row) as extra,
        (select count(*)::integer from (table view except all table model) as missing_row) as missing`);
    const { cases, extra, missing } = rows[0];
    requireThat(extra === 0 && missing === 0, `dbt's cases differ from the view: ${extra} extra, ${missing} missing`);
    return cases;
  });
}

async function requireEqualMonths({ url }: World): Promise<void> {
  const { rows } = await withAdmin(url, (admin) =>
    admin.query(`
      select account_id, month, opened from analytics.cases_by_month
      except all select account_id, month, opened from reporting.funnel_monthly`),
  );
  requireThat(rows.length === 0, `months of dbt that the view does not have: ${JSON.stringify(rows)}`);
}

/** The catalog of the docs has the comments of the views, and those that dbt wrote on its model. */
async function requireComments(cwd: string): Promise<void> {
  const { nodes, sources } = await readTarget(cwd, 'catalog.json', catalog);
  const cases = sources['source.cdd_sync.reporting.cases']?.columns ?? {};
  const silent = Object.entries(cases).filter(([, { comment }]) => !comment);
  requireThat(Object.keys(cases).length > 30 && silent.length === 0, `columns without a comment: ${silent.length}`);
  const own = nodes['model.cdd_sync.cases']?.columns.case_key?.comment;
  requireThat(own === 'Account and case.', 'the model has no comments of dbt');
}

function requireThat(claim: boolean, message: string): asserts claim {
  if (!claim) throw new Error(message);
}
