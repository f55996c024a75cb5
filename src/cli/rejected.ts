import { checkWords } from '../model/check-words.ts';
import { count } from '../model/number-text.ts';
import { countRejected, type ListedItem, listRejected } from '../store/cases/rejected-items.ts';
import type { Database } from '../store/postgres/pool.ts';
import { readClock } from '../store/reports/clock.ts';
import { type LookSettings, withDatabase } from './database.ts';
import type { Output } from './process-context.ts';
import { type JsonForm, printJson } from './terminal/json.ts';
import { table } from './terminal/table.ts';
import { timeText } from './terminal/time.ts';

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
  if (all === 0) {
    print('no rejected items: every item of the lists can be read');
    return;
  }
  const items: ListedItem[] = [];
  for await (const item of listRejected(database, { limit: MOST_SHOWN })) {
    items.push(item);
    if (items.length === MOST_SHOWN) break;
  }
  const clock = await readClock(database);
  const { text } = table(
    [
      { heading: 'account', text: (item) => item.account_id, importance: 1, isWhole: true },
      { heading: 'case', text: (item) => item.case_id ?? '(not readable)', importance: 1, isWhole: true },
      { heading: 'why', text: (item) => whyText(item), importance: 1, minWidth: 24 },
      { heading: 'last seen', text: (item) => timeText(item.last_seen_at, clock), importance: 2, isWhole: true },
      { heading: 'times seen', text: (item) => item.times_seen, importance: 3, isNumber: true },
      { heading: 'first seen', text: (item) => timeText(item.first_seen_at, clock), importance: 4, isWhole: true },
    ],
    items,
    style,
  );
  print(text);
  if (all > items.length)
    print(`\nthe newest ${items.length} of ${count(all)}; all of them: cdd-sync rejected --jsonl`);
  print(`\n${checkWords('rejected_items', all).remedy}`);
}

function whyText({ path, reason }: ListedItem): string {
  return path === '' ? reason : `${path}: ${reason}`;
}
