import type { Row, Section } from '../row.ts';
import { bounds } from './figures.ts';
import { detailsOf } from './first-load.ts';
import { writeList } from './lists.ts';
import { type Plan, roundsOf } from './plan.ts';
import type { Pass, Stage } from './stage.ts';

const ACCOUNT = 'P10000001';

type Size = { cases: number; path: string; load: Pass[]; unchanged: Pass[] };

/** Time per case and memory with ten times as many cases. */
export function growth(stage: Stage, plan: Plan): Section {
  const sizeOf = (cases: number): Size => ({ cases, path: stage.file(`growth.${cases}`), load: [], unchanged: [] });

  async function measure({ cases, path, load, unchanged }: Size): Promise<void> {
    await stage.api.serve({ [ACCOUNT]: { path, gzip: false, etag: null } });
    const database = await stage.freshDatabase();
    for (const samples of [load, unchanged]) {
      const [pass] = (await stage.work({ url: database.url, accounts: [ACCOUNT] })).passes;
      const read = samples === load ? pass?.created : pass?.unchanged;
      if (pass === undefined || read !== cases) throw new Error(`${read} of ${cases} cases were read`);
      samples.push(pass);
      await stage.settle();
    }
    await database.drop();
  }

  async function run(): Promise<Row[]> {
    const small = sizeOf(Math.round(plan.cases * 0.3));
    const large = sizeOf(plan.cases * 3);
    for (const { path, cases } of [small, large]) await writeList(path, { account: ACCOUNT, cases, variant: 'base' });
    for (const _ of roundsOf('growth', plan)) {
      await measure(small);
      await measure(large);
    }
    return [
      ...rowsOf('first load', { cases: small.cases, samples: small.load }, { cases: large.cases, samples: large.load }),
      ...rowsOf(
        'unchanged',
        { cases: small.cases, samples: small.unchanged },
        { cases: large.cases, samples: large.unchanged },
      ),
    ];
  }

  return { name: 'growth', run };
}

type Measurements = { cases: number; samples: Pass[] };

function rowsOf(what: string, small: Measurements, large: Measurements): Row[] {
  const peak = ({ samples }: Measurements) => ({
    unit: 'bytes' as const,
    samples: samples.map(({ peakBytes }) => peakBytes),
  });
  const perCase = ({ cases, samples }: Measurements) => ({
    unit: 'µs per case' as const,
    samples: samples.map(({ ms }) => (ms * 1000) / cases),
  });
  const yardstick = `with ${small.cases} cases`;
  return [
    {
      figure: `memory, ${large.cases} cases, ${what}`,
      measured: peak(large),
      yardstick: { ...peak(small), what: yardstick },
      ...bounds.memory,
    },
    {
      figure: `growth, ${large.cases} cases, ${what}`,
      measured: perCase(large),
      yardstick: { ...perCase(small), what: yardstick },
      details: detailsOf(large.samples),
      ...bounds.growth,
    },
  ];
}
