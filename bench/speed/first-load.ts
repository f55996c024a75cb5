import type { Row, Section } from '../row.ts';
import { bounds } from './figures.ts';
import { gzipFile, writeCopyRows, writeList } from './lists.ts';
import { type Plan, roundsOf } from './plan.ts';
import type { Pass, Stage } from './stage.ts';

const ACCOUNT = 'P10000001';
const MOST_UPSERTED = 1000;

type Loaded = Pass & { startMs: number; tableBytes: number };
type Samples = { copied: number[]; plain: Loaded[]; gzip: Loaded[]; upsertMsPerCase: number[] };

/** A first load, compared with a lower bound for storing the documents and with the obvious way. */
export function firstLoad(stage: Stage, plan: Plan): Section {
  const paths = { list: stage.file('first'), gzip: stage.file('first.gz'), copy: stage.file('first.copy') };
  const few = stage.file('first.few');

  async function load(path: string, isGzip: boolean): Promise<Loaded> {
    await stage.api.serve({ [ACCOUNT]: { path, gzip: isGzip, etag: null } });
    const database = await stage.freshDatabase();
    const { passes, startMs } = await stage.work({ url: database.url, accounts: [ACCOUNT] });
    const tableBytes = await database.tableBytes();
    await database.drop();
    const [pass] = passes;
    if (pass?.created !== plan.cases) throw new Error(`${pass?.created} of ${plan.cases} cases were loaded`);
    return { ...pass, startMs, tableBytes };
  }

  async function copy(): Promise<number> {
    const database = await stage.freshDatabase({ migrated: false });
    const ms = await stage.copy(database.url, paths.copy);
    await database.drop();
    return ms;
  }

  async function upsert(): Promise<number> {
    const database = await stage.freshDatabase();
    const { ms, cases } = await stage.upsert(database.url, few, ACCOUNT);
    await database.drop();
    return ms / cases;
  }

  async function run(): Promise<Row[]> {
    const documentBytes = await writeList(paths.list, { account: ACCOUNT, cases: plan.cases, variant: 'base' });
    await gzipFile(paths.list, paths.gzip);
    await writeCopyRows(paths.copy, { account: ACCOUNT, cases: plan.cases, variant: 'base' });
    await writeList(few, { account: ACCOUNT, cases: Math.min(plan.cases, MOST_UPSERTED), variant: 'base' });
    const samples: Samples = { copied: [], plain: [], gzip: [], upsertMsPerCase: [] };
    for (const _ of roundsOf('first load', plan)) {
      samples.copied.push(await copy());
      samples.plain.push(await load(paths.list, false));
      samples.gzip.push(await load(paths.gzip, true));
      samples.upsertMsPerCase.push(await upsert());
    }
    return rowsOf(samples, plan.cases, documentBytes);
  }

  return { name: 'first-load', run };
}

function rowsOf({ copied, plain, gzip, upsertMsPerCase }: Samples, cases: number, documentBytes: number): Row[] {
  const timed = (figure: string, loaded: Loaded[]): Row => ({
    figure: `first load, ${cases} cases, ${figure}`,
    measured: { unit: 'ms', samples: loaded.map(({ ms }) => ms) },
    yardstick: { unit: 'ms', samples: copied, what: 'COPY into one jsonb table' },
    details: detailsOf(loaded),
    ...bounds.firstLoad,
  });
  return [
    timed('plain', plain),
    timed('gzip', gzip),
    {
      figure: 'first load, time per case',
      measured: { unit: 'µs per case', samples: plain.map(({ ms }) => (ms * 1000) / cases) },
      yardstick: { unit: 'µs per case', samples: upsertMsPerCase.map((ms) => ms * 1000), what: 'Prisma upserts' },
      ...bounds.againstUpserts,
    },
    {
      figure: 'disk after the first load',
      measured: { unit: 'bytes', samples: plain.map(({ tableBytes }) => tableBytes) },
      yardstick: { unit: 'bytes', samples: [documentBytes], what: 'the documents as JSON' },
      ...bounds.disk,
    },
  ];
}

/** No figure includes the start. CPU time is more reliable than elapsed time on a busy machine. */
export function detailsOf(passes: (Pass & { startMs?: number })[]): Record<string, number[]> {
  return {
    start: passes.flatMap(({ startMs }) => startMs ?? []),
    'cpu of the worker': passes.map(({ cpuMs }) => cpuMs),
    'cpu of Postgres': passes.flatMap(({ postgresCpuMs }) => postgresCpuMs ?? []),
  };
}
