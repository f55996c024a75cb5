import pg from 'pg';
import type { Bounds, Row, Section } from '../row.ts';
import { detailsOf } from './first-load.ts';
import { writeList } from './lists.ts';
import { type Plan, roundsOf } from './plan.ts';
import type { Pass, Stage } from './stage.ts';

const ACCOUNT = 'P10000001';

/** A part of the product, and the way to measure without it. */
export type Part = {
  section: string;
  /** For the figures: `with reports`. */
  name: string;
  /** SQL that removes what the part has in a migrated database. */
  without: string;
  /** A module that the worker without the part loads first. */
  replacement?: string;
  firstLoad: Bounds;
  changed: Bounds;
};

type Passes = { first: Pass[]; changed: Pass[] };

/** The cost of a part in a run: the same runs with and without it, in turn. */
export function withAndWithout(stage: Stage, plan: Plan, part: Part): Section {
  const lists = { base: stage.file('cost.base'), changed: stage.file('cost.changed') };

  async function measure(passes: Passes, isWithout: boolean): Promise<void> {
    const database = await stage.freshDatabase();
    if (isWithout) await execute(database.url, part.without);
    const replacement = isWithout ? part.replacement : undefined;
    for (const [variant, into] of [
      ['base', passes.first],
      ['changed', passes.changed],
    ] as const) {
      await stage.api.serve({ [ACCOUNT]: { path: lists[variant], gzip: false, etag: null } });
      await stage.settle();
      into.push(...(await stage.work({ url: database.url, accounts: [ACCOUNT], replacement })).passes);
    }
    await database.drop();
  }

  async function run(): Promise<Row[]> {
    for (const variant of ['base', 'changed'] as const) {
      await writeList(lists[variant], { account: ACCOUNT, cases: plan.cases, variant });
    }
    const made: Passes = { first: [], changed: [] };
    const yardstick: Passes = { first: [], changed: [] };
    for (const _ of roundsOf(`cost of ${part.name}`, plan)) {
      await measure(made, false);
      await measure(yardstick, true);
    }
    const first = `first load with ${part.name}, ${plan.cases} cases`;
    const changed = `1 % of cases changed with ${part.name}`;
    return [
      { ...rowOf(part, made.first, yardstick.first), figure: first, ...part.firstLoad },
      { ...rowOf(part, made.changed, yardstick.changed), figure: changed, ...part.changed },
    ];
  }

  return { name: part.section, run };
}

function rowOf({ name }: Part, measured: Pass[], yardstick: Pass[]): Pick<Row, 'measured' | 'yardstick' | 'details'> {
  const without = detailsOf(yardstick);
  return {
    measured: { unit: 'ms', samples: measured.map(({ ms }) => ms) },
    yardstick: { unit: 'ms', samples: yardstick.map(({ ms }) => ms), what: `without ${name}` },
    details: {
      ...detailsOf(measured),
      'cpu of the worker without': without['cpu of the worker'] ?? [],
      'cpu of Postgres without': without['cpu of Postgres'] ?? [],
    },
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
