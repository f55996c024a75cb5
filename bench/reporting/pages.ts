import fastify from 'fastify';
import { addPages } from '../../src/pages/server.ts';
import { PAGE_POOL } from '../../src/pages/viewer.ts';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import type { Row } from '../row.ts';
import { boundsOf } from './figures.ts';

/** The longest times in milliseconds until a page begins, and until it is there: of so many cases, and of more. */
const BEGINS = 100;
const READY = { cases: 100_000, atMost: 500, beyond: 1500 };

type Asked = { url: string; roles: Readonly<Record<string, string>>; cases: number; caseKey: string; rounds: number };
type Times = { beginsMs: number; readyMs: number };

/** Times of the pages, each asked by every role; the slower one counts. */
export async function pageTimes(asked: Asked): Promise<Row[]> {
  const database = openDatabase(asked.url, PAGE_POOL);
  const viewers = Object.entries(asked.roles).map(([name, role]) => ({
    name,
    role,
    token: `token-of-the-bench-${name}`,
  }));
  const app = fastify();
  await addPages(app, { database, timezone: 'Europe/Oslo', viewers, log: console });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const rows: Row[] = [];
  for (const path of pathsOf(asked)) {
    const begins: number[] = [];
    const ready: number[] = [];
    for (let round = 0; round < asked.rounds; round += 1) {
      const times: Times[] = [];
      for (const { token } of viewers) times.push(await timesOf(`${origin}${path}`, token));
      begins.push(Math.max(...times.map(({ beginsMs }) => beginsMs)));
      ready.push(Math.max(...times.map(({ readyMs }) => readyMs)));
    }
    const atMost = asked.cases <= READY.cases ? READY.atMost : READY.beyond;
    rows.push(rowOf(`page ${path} begins`, begins, BEGINS), rowOf(`page ${path} is there`, ready, atMost));
  }
  await app.close();
  await database.close();
  return rows;
}

function pathsOf({ caseKey }: Asked): string[] {
  const now = new Date();
  const reported = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
  return [
    '/',
    '/accounts',
    '/cases',
    '/cases?stage=review',
    '/cases?target=breached',
    '/cases?q=Company%201a2b',
    `/cases/${caseKey}`,
    '/months',
    `/months/${reported}`,
    `/accounts/${caseKey.split('/')[0]}`,
  ];
}

function rowOf(figure: string, samples: number[], atMost: number): Row {
  return { figure, measured: { unit: 'ms', samples }, yardstick: null, ...boundsOf(atMost) };
}

async function timesOf(address: string, token: string): Promise<Times> {
  const begun = performance.now();
  const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  const beginsMs = performance.now() - begun;
  const text = await response.text();
  if (response.status !== 200 || !text.endsWith('</html>\n')) throw new Error(`${address}: ${response.status}`);
  return { beginsMs, readyMs: performance.now() - begun };
}
