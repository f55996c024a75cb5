import type { Row, Section } from '../row.ts';
import type { Variant } from './documents.ts';
import { bounds } from './figures.ts';
import { detailsOf } from './first-load.ts';
import { gzipFile, writeList } from './lists.ts';
import { type Plan, roundsOf } from './plan.ts';
import type { Pass, Stage } from './stage.ts';

const ACCOUNT = 'P10000001';
const ETAG_PASSES = 20;

type Measured = Awaited<ReturnType<Stage['freshDatabase']>>;
type Gotten = { getMs: number; parseMs: number };
type Samples = Record<'get' | 'getGzip', Gotten[]> &
  Record<'unchanged' | 'unchangedGzip' | 'changed' | 'reordered' | 'notModified', Pass[]>;

/** Runs over a list that is known already: as it was, with some changes, with other bytes that say the same. */
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

  async function round(database: Measured, samples: Samples): Promise<void> {
    const work = async (): Promise<Pass> => {
      await database.vacuum();
      await stage.settle();
      return firstOf((await stage.work({ url: database.url, accounts: [ACCOUNT] })).passes);
    };
    await serve(pathOf('base'));
    samples.get.push(await stage.plainGet([ACCOUNT]));
    samples.unchanged.push(await work());
    await serve(gzipPath, { gzip: true });
    samples.getGzip.push(await stage.plainGet([ACCOUNT]));
    samples.unchangedGzip.push(await work());
    for (const variant of ['changed', 'reordered'] as const) {
      await serve(pathOf(variant));
      samples[variant].push(await work());
      // Back, so that the next round finds what this one found.
      await serve(pathOf('base'));
      await work();
    }
  }

  async function run(): Promise<Row[]> {
    await prepare();
    const samples: Samples = {
      get: [],
      getGzip: [],
      unchanged: [],
      unchangedGzip: [],
      changed: [],
      reordered: [],
      notModified: [],
    };
    const database = await stage.freshDatabase();
    await serve(pathOf('base'));
    await stage.work({ url: database.url, accounts: [ACCOUNT] });
    for (const _ of roundsOf('next runs', plan)) await round(database, samples);
    await serve(pathOf('base'), { etag: '"base"' });
    const { passes } = await stage.work({ url: database.url, accounts: [ACCOUNT], passes: 1 + ETAG_PASSES });
    samples.notModified.push(...passes.slice(1));
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
    { ...timed('every key reordered', samples.reordered), yardstick: get, ...bounds.reordered },
  ];
}
