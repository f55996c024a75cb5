// A past of one account, written down list by list.
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Database } from '../../src/store/database.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
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
): Promise<Past> {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const told = new Map<string, ToldCase>();
  const chapters: Chapter[] = [];
  for (const list of lists) {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
    const { state } = await rig.sync();
    if (state !== 'succeeded') throw new Error(`the run is ${state}`);
    const cases = list.map((document) => toldCase(ACCOUNT, document));
    for (const one of cases) told.set(keyOf(one), one);
    const missingSince = await reading(url, missingSinceBy);
    chapters.push({
      knownAt: await clockOf(url),
      told: new Map(told),
      listed: new Set(cases.map(keyOf)),
      missingSince,
    });
  }
  await keepReported(database, [REPORTED]);
  const last = chapters.at(-1);
  if (last === undefined) throw new Error('a past has at least one list');
  return { accounts: [REPORTED], chapters, last, unreadable: [], rig };
}
