import { requireKnownAccounts } from '../../store/accounts/accounts.ts';
import { newestCases, providerObjects } from '../../store/cases/provider-objects.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { type LookSettings, withDatabase } from '../database.ts';
import type { CommandContext } from '../process-context.ts';
import { type JsonOptions, jsonForm, printJson } from '../terminal/json.ts';
import { JsonShape } from './json-shape.ts';
import { type Shape, shapeText } from './shape-text.ts';

export type ShapeOptions = JsonOptions & { account?: string[] };

const MAX_CASES = 1_000;
const MAX_EVENTS_PER_CASE = 50;
/** Of one `events[].case`: they are parsed in memory. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_MILLISECONDS = 60_000;

/**
 * Prints paths, types and counts of `events[].case`, without its values: people who configure `reports.facts` need not
 * see personal data.
 */
export async function runShowShape(
  settings: LookSettings,
  options: ShapeOptions,
  { log, print, signal, style }: CommandContext,
): Promise<void> {
  const { account: accountIds = [] } = options;
  const form = jsonForm(options);
  return withDatabase(settings, log, async (database) => {
    await requireKnownAccounts(database, accountIds);
    const shape = await readShape(database, { accountIds, signal });
    if (form !== null) await printJson([shape], form, print);
    else for (const line of shapeText(shape, style)) print(line);
  });
}

async function readShape(
  database: Database,
  { accountIds, signal }: { accountIds: readonly string[]; signal: AbortSignal },
): Promise<Shape> {
  const until = performance.now() + MAX_MILLISECONDS;
  const found = new JsonShape({ cases: MAX_CASES, events: MAX_CASES * MAX_EVENTS_PER_CASE });
  const counts = { cases_looked_at: 0, events: 0, too_large: 0, is_out_of_time: false };
  const limits = { limit: MAX_EVENTS_PER_CASE, maxBytes: MAX_BYTES };
  for (const key of await newestCases(database, { accountIds, limit: MAX_CASES })) {
    signal.throwIfAborted();
    counts.is_out_of_time = performance.now() > until;
    if (counts.is_out_of_time) break;
    for (const text of await providerObjects(database, key, limits)) {
      if (text === null) counts.too_large += 1;
      else found.add(JSON.parse(text), { case: counts.cases_looked_at, event: counts.events++ });
    }
    counts.cases_looked_at += 1;
  }
  const paths = found.rows('$.events[*].case');
  return { ...counts, cases: paths[0]?.cases ?? 0, is_cut: found.isCut, paths };
}
