import { type CaseHistory, deriveHistory } from '../reference/case-history.ts';
import type { CaseVersion } from '../reference/case-versions.ts';
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

/** The versions of each case, as the snapshots have them. A case that a run found as before has no new version. */
export function caseVersions(snapshots: readonly Snapshot[], facts: DatabaseFacts, now: Instant): CaseVersion[][] {
  const versions = new Map<string, CaseVersion[]>();
  let from = Number.NEGATIVE_INFINITY;
  for (const snapshot of snapshots) {
    for (const history of deriveHistories(snapshot, facts, now)) {
      const key = caseKey(history.document);
      const recorded = (facts.recordings.get(key) ?? []).filter(({ at }) => at > from && at <= snapshot.knownAt);
      const earlier = versions.get(key) ?? [];
      versions.set(key, [...earlier, ...recorded.map((recording) => ({ ...recording, history }))]);
    }
    from = snapshot.knownAt;
  }
  return [...versions.values()];
}
