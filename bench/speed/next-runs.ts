import type { Row, Section } from '../row.ts';
import type { Variant } from './documents.ts';
import { bounds } from './figures.ts';
import { detailsOf } from './first-load.ts';
import { gzipFile, writeList } from './lists.ts';
import { type Plan, roundsOf } from './plan.ts';
import type { Pass, Stage } from './stage.ts';

const ACCOUNT = 'P10000001';
const ETAG_PASSES = 20;

type Database = Awaited<ReturnType<Stage['freshDatabase']>>;
type MakePass = () => Promise<Pass>;
type Gotten = { getMs: number; parseMs: number };
type Samples = Record<'get' | 'getGzip', Gotten[]> &
  Record<'unchanged' | 'unchangedGzip' | 'changed' | 'reorderedFirst' | 'reordered' | 'notModified', Pass[]> &
  /** By a new process. */
  Record<'newUnchanged' | 'newChanged', Pass[]>;

/**
 * Runs over a known list: unchanged, with some changes, and with reordered keys. The process of the first load makes
 * them, like a worker day by day. The changes are also made by a new process, which compiles its code first, and
 * compared with an unchanged run of a new process.
 */
export function nextRuns(stage: Stage, plan: Plan): Section {
  const pathOf = (variant: Variant) => stage.file(`next.${variant}`);
  const gzipPath = stage.file('next.gz');

  const serve = (path: string, { gzip = false, etag = null }: { gzip?: boolean; etag?: string | null } = {}) =>
    stage.api.serve({ [ACCOUNT]: { path, gzip, etag } });

  async function prepare(): Promise<void> {
    for (const variant of ['base', 'changed', 'reordered'] as const) {
      await writeList(pathOf(variant), { account: ACCOUNT, cases: plan.cases, variant });
    }
    await gzipFile(pathOf('base'), gzipPath);
  }

  /** A pass after a checkpoint. */
  function settled(pass: MakePass): MakePass {
    return async () => {
      await stage.settle();
      return pass();
    };
  }

  /** A pass over the served list, then one over the first list, so that the next pass starts from the same state. */
  async function thereAndBack(variant: Variant, make: MakePass, back: MakePass): Promise<Pass> {
    await serve(pathOf(variant));
    const made = await make();
    await serve(pathOf('base'));
    await back();
    return made;
  }

  /** Compared passes run one after the other, because the machine's speed changes from minute to minute. */
  async function round(samples: Samples, pass: MakePass, newPass: MakePass): Promise<void> {
    await serve(pathOf('base'));
    samples.get.push(await stage.plainGet([ACCOUNT]));
    samples.unchanged.push(await pass());
    samples.changed.push(await thereAndBack('changed', pass, pass));
    samples.newUnchanged.push(await newPass());
    samples.newChanged.push(await thereAndBack('changed', newPass, pass));
    await serve(gzipPath, { gzip: true });
    samples.getGzip.push(await stage.plainGet([ACCOUNT]));
    samples.unchangedGzip.push(await pass());
    await serve(pathOf('reordered'));
    samples.reorderedFirst.push(await pass());
    await serve(pathOf('base'));
    samples.reordered.push(await pass());
  }

  async function measure(samples: Samples, database: Database): Promise<void> {
    const work = { url: database.url, accounts: [ACCOUNT] };
    await serve(pathOf('base'));
    await using worker = await stage.startWorker(work);
    await worker.pass();
    const pass = settled(worker.pass);
    const newPass = settled(async () => firstOf((await stage.work(work)).passes));
    for (const _ of roundsOf('next runs', plan)) {
      await database.forgetContentHashes();
      // The first load and the lists with reordered keys left more dead rows than autovacuum tolerates.
      await database.vacuum();
      await round(samples, pass, newPass);
    }
    await serve(pathOf('base'), { etag: '"base"' });
    await worker.pass();
    for (let n = 0; n < ETAG_PASSES; n += 1) samples.notModified.push(await worker.pass());
  }

  async function run(): Promise<Row[]> {
    await prepare();
    const samples: Samples = {
      get: [],
      getGzip: [],
      unchanged: [],
      unchangedGzip: [],
      changed: [],
      reorderedFirst: [],
      reordered: [],
      notModified: [],
      newUnchanged: [],
      newChanged: [],
    };
    const database = await stage.freshDatabase();
    await measure(samples, database);
    await database.drop();
    return rowsOf(samples, plan.cases);
  }

  return { name: 'next-runs', run };
}

function firstOf(passes: Pass[]): Pass {
  const [pass] = passes;
  if (pass === undefined) throw new Error('the worker made no pass');
  return pass;
}

function rowsOf(samples: Samples, cases: number): Row[] {
  const timed = (figure: string, passes: Pass[]): Pick<Row, 'figure' | 'measured' | 'details'> => ({
    figure,
    measured: { unit: 'ms', samples: passes.map(({ ms }) => ms) },
    details: detailsOf(passes),
  });
  const against = (what: string, gotten: Gotten[]): Row['yardstick'] => ({
    unit: 'ms',
    samples: gotten.map(({ getMs, parseMs }) => getMs + parseMs),
    what,
  });
  const unchanged = timed(`unchanged list, ${cases} cases, plain`, samples.unchanged);
  const get = against('GET and JSON.parse', samples.get);
  const getGzip = against('GET, gunzip and JSON.parse', samples.getGzip);
  return [
    { ...unchanged, yardstick: get, ...bounds.unchanged },
    { ...timed('unchanged list, gzip', samples.unchangedGzip), yardstick: getGzip, ...bounds.unchanged },
    { ...timed('unchanged list, etag', samples.notModified), details: {}, yardstick: null, ...bounds.etag },
    {
      ...timed('1 % of cases changed', samples.changed),
      yardstick: { ...unchanged.measured, what: 'unchanged run' },
      ...bounds.changed,
    },
    {
      ...timed('1 % changed, by a new process', samples.newChanged),
      yardstick: {
        unit: 'ms',
        samples: samples.newUnchanged.map(({ ms }) => ms),
        what: 'unchanged run by a new process',
      },
      must: [],
      aim: [],
    },
    { ...timed('every key reordered, first time', samples.reorderedFirst), yardstick: get, ...bounds.reorderedFirst },
    { ...timed('every key reordered, again', samples.reordered), yardstick: get, ...bounds.reordered },
  ];
}
