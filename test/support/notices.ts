import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { NotifySettings } from '../../src/config/notify.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../src/model/notice.ts';
import { type Judgement, judge } from '../../src/notify/judge.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { NoticeItem, WaitingItem } from '../../src/store/notices/items.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { manyId } from './many-accounts.ts';
import { sandboxAccount } from './sandbox-account.ts';

/** An item that waits: a late account, except for the changes. */
export function waitingItem(changes: Partial<WaitingItem>): WaitingItem {
  return {
    id: randomUUID(),
    channel: 'ops',
    kind: 'account_stale',
    accountId: 'P12345678',
    label: null,
    phase: 'began',
    beganAt: new Date('2026-10-24T10:00:00Z'),
    items: 0,
    newItems: 0,
    code: null,
    caseIds: [],
    judgedAt: new Date('2026-10-24T10:45:00Z'),
    endedAt: changes.phase === 'over' || changes.phase === 'unwatched' ? new Date('2026-10-24T10:30:00Z') : null,
    ...changes,
  };
}

/** Settings with one channel that is told of these kinds. */
export function notifySettings(on: readonly NoticeKind[] = NOTICE_KINDS, url = 'http://127.0.0.1:9/'): NotifySettings {
  return { channels: [{ id: 'ops', type: 'slack', url }], rules: [{ on: [...on], to: ['ops'] }] };
}

/** Judges once at a time of the test's clock. Nothing is delivered. */
export function judgeAt(database: Database, settings: NotifySettings, now: Date): Promise<Judgement | null> {
  return judge(database, { settings, now, enqueue: async () => {} });
}

const MINUTE_MS = 60_000;

type ToldItem = Pick<
  NoticeItem,
  'kind' | 'phase' | 'accountId' | 'items' | 'newItems' | 'code' | 'caseIds' | 'endedAt' | 'judgedAt'
>;

/** What was put into the outbox since the last call, in the order of kinds and accounts; it counts as sent. */
export function takeItems(database: Database): Promise<ToldItem[]> {
  return database.$queryRaw<ToldItem[]>`
    with taken as (
      update cdd.notice_items set sent_at = judged_at where sent_at is null
      returning kind, phase, account_id, items, new_items, code, case_ids, ended_at, judged_at
    )
    select kind, phase, account_id as "accountId", items, new_items as "newItems", code, case_ids::text[] as "caseIds", ended_at as "endedAt", judged_at as "judgedAt"
    from taken
    order by kind, account_id`;
}

/** Adds so many accounts that Dintero refused in their only run, and that are late since. */
export async function addRefusedAccounts(database: Database, accounts: number): Promise<void> {
  const ids = Array.from({ length: accounts }, (_, index) => manyId(index + 1));
  await saveAccounts(
    database,
    ids.map((id) => sandboxAccount(id)),
  );
  await database.$executeRaw`
    insert into cdd.sync_runs (account_id, id, trigger, state, finished_at, error_code, error_message)
    select id, gen_random_uuid(), 'schedule', 'failed', now(), 'AUTH', 'Dintero refused the client.'
    from unnest(${ids}::text[]) as account (id)`;
  await database.$executeRaw`
    update cdd.accounts
    set stale_at = now() - interval '1 hour', next_due_at = now() - interval '2 hours'`;
}

/** Judges at steps of a clock that begins now, and gives what each step told. */
export function judging(database: Database, settings: NotifySettings) {
  let now = Date.now();
  return async (minutes = 1) => {
    now += minutes * MINUTE_MS;
    await judgeAt(database, settings, new Date(now));
    return takeItems(database);
  };
}

/** An item of this kind and phase, for toEqual. */
export const told = (kind: NoticeKind, phase: string, changes = {}) =>
  expect.objectContaining({ kind, phase, ...changes });

/** Lets an account be late, or not. */
export async function setLate(database: Database, id: string, isLate: boolean): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set stale_at = now() + ${isLate ? -60 : 600} * interval '1 minute', next_due_at = now() + ${isLate ? -120 : 60} * interval '1 minute'
    where id = ${id}`;
}
