import pg from 'pg';
import type { Row, Section } from '../row.ts';
import { type Plan, roundsOf } from '../speed/plan.ts';
import type { Stage } from '../speed/stage.ts';
import { bounds } from './figures.ts';
import { fillDatabase } from './fill.ts';
import { QUESTIONS, type Question } from './questions.ts';

/** So many cases for each of the plan's. */
const CASES = 10;
const SCAN = 'select count(*) from cdd.status_transitions where superseded_at is null and occurred_at is not null';
const READER = 'cdd_bench_reader';

type Samples = { question: Question; rows: number; reader: number[]; owner: number[] };

/** Every view as a dashboard asks it, against one pass over the current transitions. */
export function answers(stage: Stage, plan: Plan): Section {
  async function run(): Promise<Row[]> {
    const database = await stage.freshDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      plan.note(`reports: filling a database with ${plan.cases * CASES} cases`);
      const [largest = ''] = await fillDatabase(client, plan.cases * CASES);
      await admitReader(client);
      await stage.settle();
      return await ask(client, largest, plan);
    } finally {
      await client.query(`reset role; drop owned by ${READER}; drop role ${READER}`).catch(() => {});
      await client.end();
      await database.drop();
    }
  }
  return { name: 'reports', run };
}

/** A reader that was granted every account by its name: the dearest way to see them all. */
async function admitReader(client: pg.Client): Promise<void> {
  await client.query(`
    create role ${READER} in role cdd_reader;
    insert into cdd.reader_grants (account_id, role_name) select id, '${READER}' from cdd.accounts`);
}

async function ask(client: pg.Client, account: string, plan: Plan): Promise<Row[]> {
  const scans: number[] = [];
  const all: Samples[] = QUESTIONS.map((question) => ({ question, rows: 0, reader: [], owner: [] }));
  for (const _ of roundsOf('reports', plan)) {
    scans.push((await timed(client, SCAN)).ms);
    for (const samples of all) {
      const sql = samples.question.sql.replace('$account', pg.escapeLiteral(account));
      samples.owner.push((await timed(client, sql)).ms);
      await client.query(`set role ${READER}`);
      const asked = await timed(client, sql);
      await client.query('reset role');
      samples.reader.push(asked.ms);
      samples.rows = asked.rows;
    }
  }
  return all.map(({ question: { view, scope }, rows, reader, owner }) => ({
    figure: `${view}, ${scope}: ${rows} rows`,
    measured: { unit: 'ms', samples: reader },
    yardstick: { unit: 'ms', samples: scans, what: 'scan of transitions' },
    details: { 'as the owner': owner },
    ...bounds.answer,
  }));
}

async function timed(client: pg.Client, sql: string): Promise<{ ms: number; rows: number }> {
  const begun = performance.now();
  const { rowCount } = await client.query(sql);
  return { ms: performance.now() - begun, rows: rowCount ?? 0 };
}
