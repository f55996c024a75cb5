// The whole content of a database, comparable with that of another run: without ids of runs and without times of writing.
import type pg from 'pg';
import { withAdmin } from '../admin.ts';
import { schemaSnapshot } from '../schema-snapshot.ts';

/** Rows of each table and view as texts, and the schema's text. */
export type EndState = ReadonlyMap<string, readonly string[]>;

/** Tables about the runs themselves: there are more of them after a crash. invariants.ts checks them. */
const ABOUT_RUNS = [
  'cdd.sync_runs',
  'cdd.batch_slots',
  'cdd.batch_digests',
  'cdd.digest_links',
  'reporting.sync_runs',
  'reporting.sync_freshness',
];
/** With tens of thousands of rows for days, and no time of a run: compared by a hash, in a tenth of the time. */
const LONG = ['cdd.business_days', 'cdd.business_slots', 'reporting.business_days', 'reporting.backlog_daily'];
/** Digests are over ids of runs and times. */
const DIGESTS = ['digest', 'rows'];
/**
 * Ids and counts of runs; and `id` of Prisma's table of migrations, which is random. A run that was killed and the next
 * one are two: both see a rejected item, and both are refused.
 */
const COUNTS_OF_RUNS = ['run_id', 'etag_run_id', 'times_seen', 'refusals'];
/** Durations until now. The times that they follow from are compared. */
const DURATION = /hours|minutes|seconds/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;

/** Reads the end state. Times since `since` are equal to each other. */
export async function readEndState(url: string, since: Date): Promise<EndState> {
  return withAdmin(url, async (client) => {
    await client.query(`set timezone = 'UTC'; set jit = off`);
    const state = new Map<string, string[]>();
    for (const relation of await relationsOf(client)) {
      if (ABOUT_RUNS.includes(relation)) continue;
      if (LONG.includes(relation)) {
        state.set(relation, [await hashOf(client, relation)]);
        continue;
      }
      const { rows } = await client.query<{ row: Record<string, unknown> }>(
        `select to_jsonb(found) as row from ${relation} as found`,
      );
      state.set(relation, rows.map(({ row }) => textOf(relation, row, since)).sort());
    }
    state.set('the schema', [await schemaSnapshot(url)]);
    return state;
  });
}

/** The number of rows of a relation, and a hash over them in any order. */
async function hashOf(client: pg.Client, relation: string): Promise<string> {
  const { rows } = await client.query<{ hash: string }>(
    `select concat_ws(' ', count(*), 'rows', sum(hash_record_extended(found, 0))) as hash from ${relation} as found`,
  );
  return rows[0]?.hash ?? '';
}

/** The physical versions of all rows that a run writes, by table: equal if and only if nothing was written. */
export async function readVersions(url: string): Promise<EndState> {
  return withAdmin(url, async (client) => {
    const state = new Map<string, string[]>();
    for (const relation of await relationsOf(client)) {
      // A heartbeat moves the slots, also that of a run that is over.
      if (!relation.startsWith('cdd.') || relation === 'cdd.batch_slots') continue;
      const { rows } = await client.query<{ row: string }>(
        `select found.ctid::text || ' ' || found.xmin::text as row from ${relation} as found`,
      );
      state.set(relation, rows.map(({ row }) => row).sort());
    }
    return state;
  });
}

/** A line for each row that only one of them has, at most three for each table. */
export function differencesOf(expected: EndState, found: EndState): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].flatMap((name) => {
    const before = expected.get(name) ?? [];
    const after = found.get(name) ?? [];
    return [
      ...without(before, after).map((row) => `${name} lacks ${short(row)}`),
      ...without(after, before).map((row) => `${name} has in addition ${short(row)}`),
    ].slice(0, 3);
  });
}

async function relationsOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select schemaname || '.' || tablename as name from pg_tables where schemaname in ('cdd', 'reporting')
    union all
    select schemaname || '.' || viewname from pg_views where schemaname = 'reporting'
    order by 1`);
  return rows.map(({ name }) => name);
}

function textOf(relation: string, row: Record<string, unknown>, since: Date): string {
  const isRandomId = relation === 'cdd._prisma_migrations';
  const columns = Object.entries(row).filter(
    ([name]) =>
      ![...COUNTS_OF_RUNS, ...DIGESTS].includes(name) &&
      !(isRandomId && name === 'id') &&
      !(relation.startsWith('reporting.') && DURATION.test(name)),
  );
  return JSON.stringify(Object.fromEntries(columns), (_name, value: unknown) =>
    typeof value === 'string' && TIMESTAMP.test(value) && new Date(value) >= since ? 'a time of the test' : value,
  );
}

/** The rows that are more often in `rows` than in `others`. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(row) ?? 0;
    counts.set(row, count - 1);
    return count <= 0;
  });
}

function short(text: string): string {
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
