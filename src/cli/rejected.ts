import { listRejected } from '../store/cases/rejected-items.ts';
import { type LookSettings, withDatabase } from './database.ts';
import type { Output } from './process-context.ts';
import { table } from './table.ts';

/** Prints the list items that cannot be read, and why. */
export async function runRejected(
  settings: LookSettings,
  { json, log, print }: Output & { json: boolean },
): Promise<void> {
  return withDatabase(settings, log, async (database) => {
    const items = await listRejected(database);
    if (json) print(JSON.stringify(items));
    else if (items.length === 0) print('no rejected items');
    else print(table(items.map((item) => ({ ...item, case_id: item.case_id ?? '(not readable)' }))));
  });
}
