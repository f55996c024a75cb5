import type { Row, Section } from '../row.ts';
import type { Served } from './api.ts';
import { bounds } from './figures.ts';
import { detailsOf } from './first-load.ts';
import { writeList } from './lists.ts';
import { type Plan, roundsOf } from './plan.ts';
import type { Pass, Stage } from './stage.ts';

const ACCOUNTS = 300;
const CASES = 100;
const CONCURRENCY = 8;
/** Delay of every answer, tokens included: a realistic minimum for a list from a database. */
const DELAY_MS = 100;

type Samples = { load: Pass[]; unchanged: Pass[]; answersMs: { load: number[]; unchanged: number[] } };

/** Many small accounts: the time should be little more than the API's. */
export function manyAccounts(stage: Stage, plan: Plan): Section {
  const count = Math.min(ACCOUNTS, Math.max(CONCURRENCY, Math.round(plan.cases / CASES)));
  const accounts = Array.from({ length: count }, (_, index) => `P${20_000_001 + index}`);

  async function prepare(): Promise<Record<string, Served>> {
    const lists: Record<string, Served> = {};
    for (const account of accounts) {
      const path = stage.file(`many.${account}`);
      await writeList(path, { account, cases: CASES, variant: 'base' });
      lists[account] = { path, gzip: false, etag: null };
    }
    return lists;
  }

  async function round(samples: Samples): Promise<void> {
    const { tokenMs, getMs } = await stage.plainGet(accounts);
    // Tokens are cached, so only the first pass requests them.
    samples.answersMs.load.push((tokenMs + getMs) / CONCURRENCY);
    samples.answersMs.unchanged.push(getMs / CONCURRENCY);
    const database = await stage.freshDatabase();
    const { passes } = await stage.work({ url: database.url, accounts, concurrency: CONCURRENCY, passes: 2 });
    await database.drop();
    const [load, unchanged] = passes;
    if (load?.created !== count * CASES || unchanged?.unchanged !== count * CASES) {
      throw new Error(`${load?.created} cases were loaded, ${unchanged?.unchanged} were unchanged`);
    }
    samples.load.push(load);
    samples.unchanged.push(unchanged);
  }

  async function run(): Promise<Row[]> {
    await stage.api.serve(await prepare(), DELAY_MS);
    const samples: Samples = { load: [], unchanged: [], answersMs: { load: [], unchanged: [] } };
    for (const _ of roundsOf('many accounts', plan)) await round(samples);
    return (['load', 'unchanged'] as const).map((what) => ({
      figure: `${count} accounts of ${CASES} cases, ${what === 'load' ? 'first load' : 'unchanged'}`,
      measured: { unit: 'ms', samples: samples[what].map(({ ms }) => ms) },
      yardstick: { unit: 'ms', samples: samples.answersMs[what], what: `the API's answer times / ${CONCURRENCY}` },
      details: detailsOf(samples[what]),
      ...(what === 'load' ? bounds.accountsFirstLoad : bounds.accountsUnchanged),
    }));
  }

  return { name: 'many-accounts', run };
}
