import { DatabaseError } from '../postgres/errors.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

/** By name, jsonpaths of values in a case's newest document. */
export type Facts = Readonly<Record<string, string>>;

/** A path that Postgres does not accept. */
export type InvalidPath = { fact: string; message: string };

/** Returns the paths that are no jsonpath for this version of Postgres, each with the reason. */
export async function invalidPaths(database: Database, facts: Facts): Promise<InvalidPath[]> {
  const found: InvalidPath[] = [];
  for (const [fact, path] of Object.entries(facts)) {
    try {
      await database.$queryRaw`select ${path}::text::jsonpath::text`;
    } catch (error) {
      if (!(error instanceof DatabaseError) || !isRefusal(error.sqlState)) throw error;
      found.push({ fact, message: error.message });
    }
  }
  return found;
}

/** The end of a sentence that begins with the key. */
export function invalidPathText(message: string): string {
  return `must be a jsonpath, such as "$.events[last].case.risk_level"; ${message}`;
}

/** Classes 22 (data exception), 42 (syntax error) and 0A (not supported). */
function isRefusal(sqlState: string | null): boolean {
  return sqlState !== null && /^(22|42|0A)/.test(sqlState);
}

/**
 * Saves the facts to read. If they differ from the stored ones, all cases are to be read again, see `readFactsAgain`.
 * The locks are taken in an order that avoids deadlocks: reading again holds its row while it waits for a batch, and a
 * batch never waits for that row.
 */
export async function saveFactSettings(tx: Transaction, facts: Facts): Promise<void> {
  const names = Object.keys(facts);
  const [stored] = await tx.$queryRaw<{ isSame: boolean }[]>`
    select
      coalesce(
        (select jsonb_object_agg(fact, path::text) from cdd.configured_facts),
        '{}'
      ) = coalesce(
        (
          select jsonb_object_agg(fact, path::jsonpath::text)
          from unnest(${names}::text[], ${Object.values(facts)}::text[]) as wanted (fact, path)
        ),
        '{}'
      ) as "isSame"`;
  if (stored?.isSame === true) return;
  await tx.$executeRaw`update cdd.fact_reading set is_done = false, account_id = null, case_id = null`;
  // Waits for running batches: they may have read the facts of before, or that there are none.
  await tx.$executeRaw`lock table cdd.configured_facts in exclusive mode`;
  await tx.$executeRaw`delete from cdd.configured_facts where fact <> all (${names}::text[])`;
  await tx.$executeRaw`
    insert into cdd.configured_facts (fact, path)
    select fact, path::jsonpath
    from unnest(${names}::text[], ${Object.values(facts)}::text[]) as wanted (fact, path)
    on conflict (fact) do update set path = excluded.path`;
}
