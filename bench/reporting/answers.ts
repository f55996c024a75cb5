import pg from 'pg';
import type { Row, Section } from '../row.ts';
import { type Plan, roundsOf } from '../speed/plan.ts';
import type { Stage } from '../speed/stage.ts';
import { bounds, boundsOf } from './figures.ts';
import { type FilledAccount, fillDatabase } from './fill.ts';
import { pageTimes } from './pages.ts';
import { QUESTIONS, type Question } from './questions.ts';

/** Cases in the tables for each case of the plan. */
const CASES = 10;
/** Share of all cases in the account of the questions with a bound of their own: some 30,000 of a million. */
const USUAL_SHARE = 0.03;
const SCAN = 'select count(event_id) from cdd.status_transitions where superseded_at is null';
/** One reader sees every account, the other half of them, each granted by name. */
const READERS = { all: 'cdd_bench_all', half: 'cdd_bench_half' };
/** The settings for readers in docs/reporting.md. */
const SETTINGS = `set work_mem = '64MB'; set jit = off`;

type Samples = { question: Question; rows: number; slower: number[]; owner: number[] };

/** Every view, queried as a dashboard does, compared with one pass over the current transitions. */
export function answers(stage: Stage, plan: Plan): Section {
  async function run(): Promise<Row[]> {
    const database = await stage.freshDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      plan.note(`reports: filling a database with ${plan.cases * CASES} cases`);
      const accounts = await fillDatabase(client, plan.cases * CASES);
      await admitReaders(client);
      await stage.settle();
      const rows = await ask(client, accounts, plan);
      const caseKey = await longestCase(client, usualOf(accounts));
      const asked = { url: database.url, roles: READERS, cases: plan.cases * CASES, caseKey, rounds: plan.rounds };
      return [...rows, ...(await pageTimes(asked))];
    } finally {
      await client.query(`reset role; drop role if exists ${READERS.all}, ${READERS.half}`).catch(() => {});
      await client.end();
      await database.drop();
    }
  }
  return { name: 'reports', run };
}

async function admitReaders(client: pg.Client): Promise<void> {
  await client.query(`
    create role ${READERS.all} in role cdd_reader;
    create role ${READERS.half} in role cdd_reader;
    insert into cdd.reader_grants (account_id, role_name)
    select '*', '${READERS.all}'
    union all
    select id, '${READERS.half}' from cdd.accounts where right(id, 1)::integer % 2 = 1`);
}

async function ask(client: pg.Client, accounts: FilledAccount[], plan: Plan): Promise<Row[]> {
  const largest = accounts[0]?.id ?? '';
  const usual = usualOf(accounts);
  const caseKey = await longestCase(client, usual);
  const scans: number[] = [];
  const asked: Samples[] = QUESTIONS.map((question) => ({ question, rows: 0, slower: [], owner: [] }));
  for (const _ of roundsOf('reports', plan)) {
    scans.push((await timed(client, SCAN)).ms);
    for (const samples of asked) {
      const { sql: text, atMost } = samples.question;
      const sql = text
        .replace('$account', pg.escapeLiteral(atMost === undefined ? largest : usual))
        .replace('$case', pg.escapeLiteral(caseKey));
      samples.owner.push((await timed(client, sql)).ms);
      const { all, half } = await asReaders(client, sql);
      samples.slower.push(Math.max(all.ms, half.ms));
      samples.rows = all.rows;
    }
  }
  return asked.map(({ question: { view, scope, atMost }, rows, slower, owner }) => ({
    figure: `${view}, ${scope}: ${rows} rows`,
    measured: { unit: 'ms', samples: slower },
    yardstick: { unit: 'ms', samples: scans, what: 'scan of transitions' },
    details: { 'as the owner, with default settings': owner },
    ...(atMost === undefined ? bounds.answer : boundsOf(atMost)),
  }));
}

function usualOf(accounts: readonly FilledAccount[]): string {
  return accounts.findLast(({ share }) => share >= USUAL_SHARE)?.id ?? '';
}

/** The key of the account's case with the most transitions. */
async function longestCase(client: pg.Client, account: string): Promise<string> {
  const { rows } = await client.query<{ case_key: string }>(
    'select case_key from reporting.cases where account_id = $1 order by transitions desc, case_key limit 1',
    [account],
  );
  return rows[0]?.case_key ?? '';
}

async function asReaders(client: pg.Client, sql: string): Promise<{ all: Timed; half: Timed }> {
  const asReader = async (role: string): Promise<Timed> => {
    await client.query(`set role ${role}`);
    return timed(client, sql);
  };
  await client.query(SETTINGS);
  const all = await asReader(READERS.all);
  const half = await asReader(READERS.half);
  await client.query('reset all');
  await client.query('reset role');
  return { all, half };
}

type Timed = { ms: number; rows: number };

async function timed(client: pg.Client, sql: string): Promise<Timed> {
  const begun = performance.now();
  const { rowCount } = await client.query(sql);
  return { ms: performance.now() - begun, rows: rowCount ?? 0 };
}
