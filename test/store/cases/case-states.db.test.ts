import { describe, expect } from 'vitest';
import { backfillCaseStates } from '../../support/case-states.ts';
import { test } from '../../support/database.ts';
import { caseState } from '../../support/reference/case-state.ts';
import { formatInstant } from '../../support/reference/instant.ts';
import type { Row } from '../../support/reference/row.ts';
import { deriveHistories } from '../../support/reporting/case-histories.ts';
import { readDatabaseFacts } from '../../support/reporting/database-facts.ts';
import { makeRandomHistory } from '../../support/reporting/random-history.ts';
import { withReadTransaction } from '../../support/reporting/read-transaction.ts';
import { rowDifferences } from '../../support/reporting/row-differences.ts';
import type { SyncHistory } from '../../support/reporting/sync-history.ts';

const SETTINGS = { steps: 8, cases: 20, changes: 25, backdated: false, oddTimes: true };

const readStates = (url: string): Promise<Row[]> =>
  withReadTransaction(url, ({ rows }) =>
    rows('select * from cdd.case_states order by account_id, case_id, recorded_at'),
  );

/** The states known at the end of each step beside those that follow from the documents read until then. */
async function stateDifferences(url: string, { snapshots }: SyncHistory): Promise<string[]> {
  return withReadTransaction(url, async (transaction) => {
    const facts = await readDatabaseFacts(transaction);
    const found: string[] = [];
    for (const snapshot of snapshots) {
      const known = formatInstant(snapshot.knownAt);
      const got = await transaction.rows(
        `select * from cdd.case_states
         where recorded_at <= $1 and (superseded_at is null or superseded_at > $1)`,
        [known],
      );
      const expected = deriveHistories(snapshot, facts, transaction.now).map((history) => ({
        account_id: history.document.accountId,
        case_id: history.document.caseId,
        ...caseState(history.document, history.transitions),
        missing_since: history.missingSince,
        gone_at: history.goneAt,
      }));
      found.push(...rowDifferences(`states known at ${known}`, { key: ['account_id', 'case_id'], expected, got }));
    }
    return found;
  });
}

describe('what was known of each case', () => {
  for (const seed of [21, 22, 23]) {
    test(`follows from the documents read until then: seed ${seed}`, async ({ db }) => {
      const synced = await makeRandomHistory(db, { ...SETTINGS, seed });
      expect.soft(await stateDifferences(db.url, synced)).toEqual([]);
      const states = await readStates(db.url);
      expect(states.filter(({ superseded_at }) => superseded_at !== null).length).toBeGreaterThan(100);
      await backfillCaseStates(db.url);
      expect(await readStates(db.url)).toEqual(states);
      await synced.rig.close();
    });
  }

  test('is the same after a backfill of histories that were recorded in past weeks', async ({ db }) => {
    const synced = await makeRandomHistory(db, { ...SETTINGS, seed: 24, backdated: true });
    expect.soft(await stateDifferences(db.url, synced)).toEqual([]);
    const states = await readStates(db.url);
    await backfillCaseStates(db.url);
    expect(await readStates(db.url)).toEqual(states);
    await synced.rig.close();
  });
});
