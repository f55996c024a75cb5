import { UsageError } from '../model/usage-error.ts';
import { visibleLine } from '../model/visible-text.ts';
import { countRejected, findRejected, type ListedItem, listRejected } from '../store/cases/rejected-items.ts';
import type { Database } from '../store/postgres/pool.ts';
import { readClock } from '../store/reports/clock.ts';
import { type LookSettings, withDatabase } from './database.ts';
import type { Output } from './process-context.ts';
import { itemLines, rejectedLines } from './rejected/text.ts';
import { type JsonForm, printJson } from './terminal/json.ts';

/** The rest is for programs: a broken list can have 200,000 such items. */
const MOST_SHOWN = 100;

/**
 * Prints the list items that cannot be read, and why: the newest for people, all for programs. With the name of an item
 * (its case, or first digits of its fingerprint), that item as it stood in the list.
 */
export async function runRejected(
  settings: LookSettings,
  name: string | null,
  { form, ...output }: Output & { form: JsonForm },
): Promise<void> {
  return withDatabase(settings, output.log, async (database) => {
    if (name !== null) return printItem(database, name.toLowerCase(), { form, ...output });
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

/** Items of one name that an error lists. */
const MOST_NAMED = 10;

async function printItem(
  database: Database,
  name: string,
  { form, print, style }: Output & { form: JsonForm },
): Promise<void> {
  const found = name === '' ? [] : await findRejected(database, name, MOST_NAMED + 1);
  const [item, ...others] = found;
  if (item === undefined)
    throw new UsageError(`No rejected item is ${visibleLine(name)}: cdd-sync rejected lists them`);
  if (others.length > 0) {
    const names = found.slice(0, MOST_NAMED).map((one) => `\n  ${one.fingerprint.slice(0, 16)}  ${one.account_id}`);
    throw new UsageError(`Several items are ${name}; name one of them:${names.join('')}`);
  }
  if (form !== null) return printJson([item], form, print);
  for (const line of itemLines(item, { clock: await readClock(database), style })) await print(line);
}
