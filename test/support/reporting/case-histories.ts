import { type CaseHistory, deriveHistory } from '../reference/case-history.ts';
import type { Instant } from '../reference/instant.ts';
import { caseKey, type DatabaseFacts } from './database-facts.ts';
import type { Snapshot } from './sync-history.ts';

/** Returns a fact of the database. A missing one is an error of the test or of the run, so it throws. */
export function requireFact<T>(facts: ReadonlyMap<string, T>, name: string): T {
  const fact = facts.get(name);
  if (fact === undefined) throw new Error(`the database has no fact for ${name}`);
  return fact;
}

/** Derives the histories of all cases from the documents of a snapshot; periods without an end last to `now`. */
export function deriveHistories(
  { documents, missingSince }: Snapshot,
  facts: DatabaseFacts,
  now: Instant,
): CaseHistory[] {
  return [...documents.values()].map((document) => {
    const key = caseKey(document);
    const firstRecorded = (eventId: number) => requireFact(facts.eventFirstRecorded, `${key} ${eventId}`);
    return deriveHistory(document, { missingSince: missingSince.get(key) ?? null, firstRecorded }, now);
  });
}
