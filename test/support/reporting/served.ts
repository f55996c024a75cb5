// A past of one account, written down list by list.
import type { JsonObject } from '../../../src/sandbox/json.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { ACCOUNT, createRig } from '../rig.ts';
import { clockOf } from './backdating.ts';
import { keyOf, missingSinceBy } from './facts.ts';
import { keepReported } from './making.ts';
import type { Chapter, Past } from './past.ts';
import { reading } from './reading.ts';
import { type ToldCase, toldCase } from './reference/told.ts';

const REPORTED = { id: ACCOUNT, label: null, intervalSeconds: 60 };

/** A case's item; the number makes its id. */
export function item(number: number, told: JsonObject): JsonObject {
  return { id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, ...told };
}

/** One run after the other, each of which was given such a list. */
export async function servedPast(
  { url, database }: { url: string; database: Database },
  lists: readonly (readonly JsonObject[])[],
  afterRun: (past: Past) => Promise<void> = async () => {},
): Promise<Past> {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const told = new Map<string, ToldCase>();
  const chapters: Chapter[] = [];
  const read = async (list: readonly JsonObject[]): Promise<Past> => {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
    const { state } = await rig.sync();
    if (state !== 'succeeded') throw new Error(`the run is ${state}`);
    await keepReported(database, [REPORTED]);
    const cases = list.map((document) => toldCase(ACCOUNT, document));
    for (const one of cases) told.set(keyOf(one), one);
    const missingSince = await reading(url, missingSinceBy);
    const listed = new Set(cases.map(keyOf));
    const last = { knownAt: await clockOf(url), told: new Map(told), listed, missingSince };
    chapters.push(last);
    const past = { accounts: [REPORTED], chapters: [...chapters], last, unreadable: [], rig };
    await afterRun(past);
    return past;
  };
  let past: Past | null = null;
  for (const list of lists) past = await read(list);
  if (past === null) throw new Error('a past has at least one list');
  return past;
}
