import { describe, expect } from 'vitest';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import {
  type Answers,
  answerDifferences,
  expectedAsKnown,
  queryAsKnown,
  queryReports,
  restatementDifferences,
} from '../support/reporting/as-known.ts';
import { readDatabaseFacts } from '../support/reporting/database-facts.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';
import { withReadTransaction } from '../support/reporting/read-transaction.ts';
import type { Snapshot } from '../support/reporting/sync-history.ts';

const OSLO = { timezone: 'Europe/Oslo', statusTargets: {} };
const ST_JOHNS = { timezone: 'America/St_Johns', statusTargets: {} };

/** What the views showed after a step. */
type Kept = { snapshot: Snapshot; answers: Answers };

describe('the daily and monthly reports', () => {
  test('are given again as they were after each of ten syncs', async ({ db }) => {
    await applyReportSettings(db.database, OSLO);
    const kept: Kept[] = [];
    const synced = await makeRandomHistory(db, {
      seed: 20,
      steps: 10,
      cases: 30,
      changes: 20,
      backdated: false,
      oddTimes: true,
      afterStep: ({ last: snapshot }) =>
        withReadTransaction(db.url, async (transaction) => {
          kept.push({ snapshot, answers: await queryReports(transaction) });
        }),
    });

    await withReadTransaction(db.url, async (transaction) => {
      const facts = await readDatabaseFacts(transaction);
      const present = await queryReports(transaction);
      expect.soft(answerDifferences(present, await queryAsKnown(transaction))).toEqual([]);
      for (const { snapshot, answers } of kept) {
        expect.soft(answerDifferences(answers, await queryAsKnown(transaction, snapshot.knownAt))).toEqual([]);
      }
      // All but the last differ from what the views show by now; else the test would prove nothing.
      for (const { answers } of kept.slice(0, -1)) {
        const changed = answerDifferences(answers, present).join('\n');
        for (const report of ['flow', 'funnel', 'decision_times']) expect.soft(changed).toContain(report);
      }
      for (const [one, other] of [
        [0, 9],
        [3, 4],
        [8, 9],
        [9, 2],
        [5, 5],
      ] as const) {
        const [from, to] = [kept[one]?.snapshot, kept[other]?.snapshot];
        if (from === undefined || to === undefined) throw new Error('a step is missing');
        const compared = { from, to, facts, timezone: OSLO.timezone };
        const { expected, differences } = await restatementDifferences(transaction, compared);
        expect.soft(differences).toEqual([]);
        expect.soft(expected.length > 0).toBe(one !== other);
      }
    });
    await synced.rig.close();
  });

  for (const seed of [21, 22]) {
    test(`of an earlier time equal the reference, in today's time zone: seed ${seed}`, async ({ db }) => {
      await applyReportSettings(db.database, ST_JOHNS);
      const synced = await makeRandomHistory(db, {
        seed,
        steps: 6,
        cases: 40,
        changes: 40,
        backdated: true,
        oddTimes: true,
      });
      for (const settings of [ST_JOHNS, OSLO]) {
        await applyReportSettings(db.database, settings);
        await withReadTransaction(db.url, async (transaction) => {
          const facts = await readDatabaseFacts(transaction);
          for (const snapshot of synced.snapshots) {
            const expected = expectedAsKnown(snapshot, facts, settings.timezone);
            expect.soft(answerDifferences(expected, await queryAsKnown(transaction, snapshot.knownAt))).toEqual([]);
            const compared = { from: snapshot, to: synced.last, facts, timezone: settings.timezone };
            expect.soft((await restatementDifferences(transaction, compared)).differences).toEqual([]);
          }
        });
      }
      await synced.rig.close();
    });
  }
});
