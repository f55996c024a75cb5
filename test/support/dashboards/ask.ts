// Questions of the dashboards, asked as a reader.
import pg from 'pg';
import { withAdmin } from '../admin.ts';
import { type Chosen, dashboards, fillIn, type Panel, panels } from '../grafana.ts';
import { HOUR } from './world.ts';

const { INT4, INT8, FLOAT8, NUMERIC, TEXT, BOOL, TIMESTAMPTZ } = pg.types.builtins;
const KINDS = new Map([
  ...[INT4, INT8, FLOAT8, NUMERIC].map((oid) => [oid, 'number'] as const),
  [TEXT, 'text'],
  [BOOL, 'boolean'],
  [TIMESTAMPTZ, 'time'],
]);

export type Answer = { columns: { name: string; kind: string | undefined }[]; rows: Record<string, unknown>[] };

export type Ask = (rawSql: string, chosen: Chosen, timezone?: string) => Promise<Answer>;

/**
 * Queries as a reader in one transaction, so that `now()` does not move. The session's time zone differs from the
 * reports', because Grafana's is unknown.
 */
export async function asReader(url: string, role: string, work: (ask: Ask) => Promise<void>): Promise<void> {
  await withAdmin(url, async (client) => {
    // JIT compilation of the queries takes longer than running them.
    await client.query(`begin; set local jit = off; set local role ${role}`);
    await work(async (rawSql, chosen, timezone = 'Pacific/Auckland') => {
      await client.query(`savepoint question; set local timezone to '${timezone}'`);
      try {
        const { fields, rows } = await client.query(fillIn(rawSql, chosen));
        return { columns: fields.map(({ name, dataTypeID }) => ({ name, kind: KINDS.get(dataTypeID) })), rows };
      } finally {
        await client.query('rollback to question');
      }
    });
  });
}

/** Variables and times as a person chooses them, where `all` are the options of each variable. */
export async function chooseAll(ask: Ask): Promise<Chosen> {
  const variables = new Map(
    (await dashboards()).flatMap(({ templating }) => templating.list.map(({ name, query }) => [name, query] as const)),
  );
  const all = range();
  const options = async (name: string) => {
    const { rows } = await ask(variables.get(name) ?? '', all);
    return rows.map(({ __value }) => String(__value));
  };
  all.environments = await options('environment');
  all.accounts = await options('account');
  all.countries = await options('country');
  all.products = await options('product');
  return all;
}

/** The same for a panel: restatements are those since the first run, because all of the history was learned today. */
export async function choiceFor(ask: Ask, panel: Panel, all: Chosen): Promise<Chosen> {
  if (!sqlOf(panel).includes('reporting.restatements')) return all;
  const { rows } = await ask('select min(finished_at) as at from reporting.sync_runs', all);
  return { ...all, from: new Date(Number(rows[0]?.at) + 1) };
}

/** Ends tomorrow: a graph must not go on into the future. */
const range = (): Chosen => ({
  environments: [],
  accounts: [],
  countries: [],
  products: [],
  from: new Date(Date.now() - 400 * 24 * HOUR),
  to: new Date(Date.now() + 25 * HOUR),
});

export const sqlOf = (panel: Panel | undefined): string => panel?.targets[0]?.rawSql ?? '';

export async function sqlCalled(title: string): Promise<string> {
  return sqlOf((await panels()).find((panel) => panel.title === title));
}
