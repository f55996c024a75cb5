// Fills in a dashboard's SQL as Grafana does.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
export const DASHBOARDS = ['compliance.json', 'onboarding.json', 'sync-health.json'];

const datasource = z.object({ type: z.string(), uid: z.string() });
const target = z.object({
  refId: z.string(),
  datasource,
  format: z.enum(['table', 'time_series']),
  rawSql: z.string(),
});
const gridPos = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });
const override = z.object({
  matcher: z.object({ id: z.string(), options: z.string() }),
  properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
});
const panel = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string(),
  description: z.string().default(''),
  gridPos,
  datasource: datasource.optional(),
  targets: z.array(target).default([]),
  fieldConfig: z.object({ overrides: z.array(override) }).default({ overrides: [] }),
});
const variable = z.object({ name: z.string(), type: z.string(), datasource, query: z.string() }).loose();
const annotation = z.object({ name: z.string(), datasource: datasource.optional(), target: target.optional() }).loose();
const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  description: z.string(),
  panels: z.array(panel),
  templating: z.object({ list: z.array(variable) }),
  annotations: z.object({ list: z.array(annotation).default([]) }).default({ list: [] }),
});

export type Panel = z.infer<typeof panel>;

export const dashboardText = (file: string) => readFile(join(root, 'deploy/grafana/dashboards', file), 'utf8');

/** Reads the committed dashboards. */
export async function dashboards() {
  return Promise.all(DASHBOARDS.map(async (file) => dashboard.parse(JSON.parse(await dashboardText(file)))));
}

/** Reads the panels that have queries. */
export async function panels(): Promise<Panel[]> {
  return (await dashboards()).flatMap((each) => each.panels).filter(({ type }) => type !== 'row');
}

/** Values of the variables, and the time range. */
export type Chosen = {
  environments: string[];
  accounts: string[];
  countries: string[];
  products: string[];
  from: Date;
  to: Date;
};

/**
 * Returns the SQL that Postgres gets. As in Grafana, variables are inserted as text, then the interval, then macros.
 * A macro's arguments end at the first closing bracket.
 * @throws for an unknown variable or macro.
 */
export function fillIn(rawSql: string, { from, to, ...chosen }: Chosen): string {
  const list = (values: string[]) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(',');
  const [begin, end] = [`'${from.toISOString()}'`, `'${to.toISOString()}'`];
  const filled = rawSql
    .replaceAll('${environment:sqlstring}', list(chosen.environments))
    .replaceAll('${account:sqlstring}', list(chosen.accounts))
    .replaceAll('${country:sqlstring}', list(chosen.countries))
    .replaceAll('${product:sqlstring}', list(chosen.products))
    .replaceAll('$__interval', '5m')
    .replace(/\$([_a-zA-Z0-9]+)\(([^)]*)\)/g, (text, macro, given) => {
      const [column, interval] = given.split(',').map((each: string) => each.trim());
      if (macro === '__timeFrom') return begin;
      if (macro === '__timeTo') return end;
      if (macro === '__timeFilter') return `${column} BETWEEN ${begin} AND ${end}`;
      if (macro === '__timeGroup' && interval === '5m') return `floor(extract(epoch from ${column})/300)*300`;
      throw new Error(`no such macro: ${text}`);
    });
  if (filled.includes('$')) throw new Error(`not filled in: ${filled.slice(filled.indexOf('$'), 40)}`);
  return filled;
}
