// The expected rows of the views by account.

import { createCalendar } from '../reference/calendar.ts';
import type { CaseDocument } from '../reference/case-document.ts';
import type { CaseHistory } from '../reference/case-history.ts';
import { qualityRows } from '../reference/data-quality.ts';
import { dueAfter } from '../reference/due-after.ts';
import { freshnessRow } from '../reference/freshness.ts';
import type { Row } from '../reference/row.ts';
import { caseVersions, requireFact } from './case-histories.ts';
import { caseKey } from './database-facts.ts';
import type { Context } from './expected-context.ts';
import { expectedFacts } from './expected-facts.ts';
import { TIMEZONE } from './random-history.ts';
import type { SyncedLists } from './sync-history.ts';

export function expectedAccounts(synced: SyncedLists, histories: CaseHistory[], context: Context): Row[] {
  const freshness = new Map(expectedFreshness(synced, histories, context).map((row) => [row.account_id, row]));
  return synced.accounts.map(({ id, label }) => {
    const ofAccount = histories.filter(({ document }) => document.accountId === id);
    const { last_success_at: last = null, next_due_at: due = null } = freshness.get(id) ?? {};
    return {
      account_id: id,
      account_label: label,
      environment: id.startsWith('T') ? 'test' : 'production',
      partner_id: null,
      enabled: true,
      paused_since: null,
      pause_reason: null,
      paused_by: null,
      last_success_at: last,
      next_due_at: due,
      cases: ofAccount.length,
      open_cases: ofAccount.filter(({ isOpen }) => isOpen).length,
    };
  });
}

export function expectedFreshness({ accounts }: SyncedLists, histories: CaseHistory[], { facts, now }: Context): Row[] {
  return accounts.map(({ id, label, schedule }) => {
    const cases = histories.filter(
      ({ document, missingSince }) => document.accountId === id && missingSince === null,
    ).length;
    const lastSuccessAt = facts.lastSuccessAt.get(id) ?? null;
    return freshnessRow(
      {
        id,
        label,
        lastSuccessAt,
        addedAt: facts.addedAt.get(id) ?? now,
        cases,
        dueAfter: dueAfter(schedule, TIMEZONE),
      },
      facts.runs,
      now,
    );
  });
}

export function expectedQuality(
  synced: SyncedLists,
  histories: CaseHistory[],
  { facts, settings, now }: Context,
): Row[] {
  const { dayOf } = createCalendar(settings.timezone);
  const ever = synced.snapshots.flatMap(({ documents }) => [...documents.values()]);
  const present = eventNames(histories.map(({ document }) => document));
  const vanished = [...eventNames(ever)].filter((name) => !present.has(name));
  const problems = expectedFacts(caseVersions(synced.snapshots, facts, now), settings).filter(
    ({ is_current, problem }) => is_current === true && problem !== null,
  );
  return synced.accounts.flatMap(({ id }) => {
    const others = histories.filter(({ document }) => document.accountId !== id);
    const account = {
      id,
      unreadable: synced.unreadable.filter((each) => each === id).length,
      vanished: vanished.filter((name) => name.startsWith(id)).length,
      unreadableFacts: problems.filter(({ account_id }) => account_id === id).length,
      firstSeenAt: ({ document }: CaseHistory) => requireFact(facts.firstSeenAt, caseKey(document)),
      elsewhere: new Set(others.map(({ document }) => document.caseId)),
      recorded: ({ document }: CaseHistory, sequence: number) =>
        requireFact(facts.transitionRecorded, `${caseKey(document)} ${sequence}`),
    };
    return qualityRows(histories, account, { now, dayOf });
  });
}

function eventNames(documents: readonly CaseDocument[]): Set<string> {
  return new Set(documents.flatMap((document) => document.events.map(({ id }) => `${caseKey(document)} ${id}`)));
}
