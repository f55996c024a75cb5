import { countRejected, type ListedItem, listRejected } from '../store/cases/rejected-items.ts';
import type { Database } from '../store/postgres/pool.ts';
import { readClock } from '../store/reports/clock.ts';
import { type LookSettings, withDatabase } from './database.ts';
import type { Output } from './process-context.ts';
import { rejectedLines } from './rejected/text.ts';
import { type JsonForm, printJson } from './terminal/json.ts';

/** The rest is for programs: a broken list can have 200,000 such items. */
const MOST_SHOWN = 100;

/** Prints the list items that cannot be read, and why: the newest for people, all for programs. */
export async function runRejected(
  settings: LookSettings,
  { form, ...output }: Output & { form: JsonForm },
): Promise<void> {
  return withDatabase(settings, output.log, async (database) => {
    if (form !== null) await printJson(listRejected(database), form, output.print);
    else await printItems(database, output);
  });
}

async function printItems(database: Database, { print, style }: Output): Promise<void> {
  const all = await countRejected(database);
  const items: ListedItem[] = [];
  for await (const item of listRejected(database, { limit: MOST_SHOWN })) {
    items.push(item);
    if (items.length === MOST_SHOWN) break;
  }
  print(rejectedLines({ items, all, clock: await readClock(database) }, style).join('\n'));
}
