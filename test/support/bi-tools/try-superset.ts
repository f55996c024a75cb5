// Superset over schema reporting: a dataset and a chart by the API, and their figures compared with SQL.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { withAdmin } from '../admin.ts';
import { ACCOUNT } from '../rig.ts';
import { type Ask, startSuperset } from './superset-server.ts';
import { PASSWORD, type World, ZONE } from './world.ts';

const created = z.object({ id: z.number() });
const answer = z.object({
  result: z.tuple([z.object({ data: z.array(z.object({ month: z.string(), cases: z.number() })) })]),
});

type Months = Record<string, number>;

/** Returns what was found right; throws for the first thing that is not. */
export async function trySuperset(world: World, home: string): Promise<string[]> {
  const role = await world.createReader('one');
  const superset = await startSuperset(home);
  try {
    const { ask } = superset;
    const dataset = await createDataset(ask, readerUrl(world.url, role));
    const chart = await createChart(ask, dataset);
    const charted = await monthsOf(ask, 'GET', `/api/v1/chart/${chart}/data/?force=true`);
    const expected = await expectedMonths(world);
    requireEqual(charted, expected, 'the chart and SQL');
    requireEqual(await monthsOf(ask, 'POST', '/api/v1/chart/data', queryOf(dataset)), expected, 'the query and SQL');

    // The same chart without the role's time zone: if it gave the same months, this test would show nothing.
    await withAdmin(world.url, (admin) =>
      admin.query(`alter role ${role} in database ${new URL(world.url).pathname.slice(1)} set timezone = 'UTC'`),
    );
    const inUtc = await monthsOf(ask, 'POST', '/api/v1/chart/data', queryOf(dataset));
    if (isDeepStrictEqual(inUtc, expected)) throw new Error('no month differs in UTC, so the data show nothing');
    const different = Object.keys({ ...inUtc, ...expected }).filter((month) => inUtc[month] !== expected[month]);
    return [
      `Superset: ${Object.keys(charted).length} months of a chart filtered by products_text equal SQL in ${ZONE}`,
      `without the role's time zone ${different.length} months differ`,
    ];
  } finally {
    await superset.stop();
  }
}

function readerUrl(url: string, role: string): string {
  const { host, pathname } = new URL(url);
  return `postgresql+psycopg2://${role}:${PASSWORD}@${host}${pathname}`;
}

async function createDataset(ask: Ask, uri: string): Promise<number> {
  const database = created.parse(
    await ask('POST', '/api/v1/database/', { database_name: 'Dintero cases', sqlalchemy_uri: uri }),
  );
  const table = { database: database.id, schema: 'reporting', table_name: 'cases' };
  return created.parse(await ask('POST', '/api/v1/dataset/', table)).id;
}

/** Cases by the month of opening, in the session's zone: nothing in it names one. */
function queryOf(dataset: number): Record<string, unknown> {
  const month = {
    label: 'month',
    sqlExpression: "to_char(date_trunc('month', opened_at), 'YYYY-MM')",
    expressionType: 'SQL',
  };
  const cases = { label: 'cases', expressionType: 'SQL', sqlExpression: 'count(*)' };
  const filters = [
    { col: 'products_text', op: 'ILIKE', val: '%checkout%' },
    { col: 'opened_at', op: 'IS NOT NULL' },
  ];
  return {
    datasource: { id: dataset, type: 'table' },
    force: true,
    result_format: 'json',
    result_type: 'full',
    queries: [{ columns: [month], metrics: [cases], filters, row_limit: 1000, orderby: [] }],
  };
}

async function createChart(ask: Ask, dataset: number): Promise<number> {
  const chart = {
    slice_name: 'Cases opened by month',
    viz_type: 'table',
    datasource_id: dataset,
    datasource_type: 'table',
    params: JSON.stringify({ viz_type: 'table', datasource: `${dataset}__table` }),
    query_context: JSON.stringify(queryOf(dataset)),
  };
  return created.parse(await ask('POST', '/api/v1/chart/', chart)).id;
}

async function monthsOf(ask: Ask, ...request: Parameters<Ask>): Promise<Months> {
  const { result } = answer.parse(await ask(...request));
  return Object.fromEntries(result[0].data.map(({ month, cases }) => [month, cases]));
}

async function expectedMonths({ url }: World): Promise<Months> {
  const { rows } = await withAdmin(url, (admin) =>
    admin.query(
      `select to_char(opened_at at time zone $1, 'YYYY-MM') as month, count(*)::integer as cases
       from reporting.cases
       where account_id = $2 and 'checkout' = any(products) and opened_at is not null
       group by 1`,
      [ZONE, ACCOUNT],
    ),
  );
  return Object.fromEntries(rows.map(({ month, cases }) => [month, cases]));
}

function requireEqual(found: Months, expected: Months, names: string): void {
  if (Object.keys(expected).length > 1 && isDeepStrictEqual(found, expected)) return;
  throw new Error(`${names} differ: ${JSON.stringify({ found, expected })}`);
}
