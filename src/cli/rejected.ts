import type { Config } from '../config/config.ts';
import type { Log } from '../log.ts';
import { listRejected } from '../store/cases/rejected-items.ts';
import { table } from './table.ts';
import { withDatabase } from './with-database.ts';

/** The items that cannot be read, and why. */
export async function runRejected(
  settings: Pick<Config, 'databaseUrl' | 'home'>,
  { json, log, print }: { json: boolean; log: Log; print: (line: string) => void },
): Promise<number> {
  return withDatabase(settings, log, async (database) => {
    const items = await listRejected(database);
    if (json) print(JSON.stringify(items));
    else if (items.length === 0) print('no rejected items');
    else print(table(items.map((item) => ({ ...item, case_id: item.case_id ?? '(not readable)' }))));
    return 0;
  });
}
