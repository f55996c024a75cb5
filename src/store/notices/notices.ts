// The states that channels were told of (cdd.notices), and the row whose lock makes one replica judge at a time.
import type { Notice, NoticeKind } from '../../model/notice.ts';
import type { Transaction } from '../postgres/pool.ts';

/** A row of cdd.notices. */
export type NoticeRow = Notice & {
  channel: string;
  kind: NoticeKind;
  accountId: string;
  /** Since when it was not judged; null = the last judgement included it. */
  unjudgedSince: Date | null;
};

export type NoticeState = {
  /** The clock of the database, in milliseconds, as all times of notices. */
  now: Date;
  casesJudgedAt: Date | null;
  casesJudgedMs: number;
  approvalsUntil: Date | null;
};

/** Locks the judgement until the transaction ends; null if another replica judges now. */
export async function lockNotices(tx: Transaction): Promise<NoticeState | null> {
  // Where the row is gone, after a restore for example, every judgement would look like that of another replica.
  await tx.$executeRaw`insert into cdd.notice_state default values on conflict do nothing`;
  const [row] = await tx.$queryRaw<NoticeState[]>`
    select
      date_trunc('milliseconds', now()) as now,
      cases_judged_at as "casesJudgedAt",
      cases_judged_ms as "casesJudgedMs",
      approvals_until as "approvalsUntil"
    from cdd.notice_state
    for update skip locked`;
  return row ?? null;
}

/** Records when the kinds that count cases were judged, and how long that took. */
export async function saveCaseJudgement(tx: Transaction, { at, ms }: { at: Date; ms: number }): Promise<void> {
  await tx.$executeRaw`update cdd.notice_state set cases_judged_at = ${at}, cases_judged_ms = ${ms}`;
}

/** Every state that a channel was told of. */
export function readNotices(tx: Transaction): Promise<NoticeRow[]> {
  return tx.$queryRaw<NoticeRow[]>`
    select
      channel,
      kind,
      account_id as "accountId",
      began_at as "beganAt",
      told_at as "toldAt",
      reminders,
      times,
      ending_since as "endingSince",
      ended_at as "endedAt",
      unjudged_since as "unjudgedSince",
      causes
    from cdd.notices`;
}

/** Adds and replaces rows. */
export async function saveNotices(tx: Transaction, rows: readonly NoticeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into cdd.notices as stored_notice (
      channel, kind, account_id, began_at, told_at, reminders, times, ending_since, ended_at, unjudged_since, causes
    )
    select
      channel, kind, account_id, began_at, told_at, reminders, times, ending_since, ended_at, unjudged_since,
      string_to_array(causes, ' ')
    from unnest(
      ${rows.map(({ channel }) => channel)}::text[],
      ${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ accountId }) => accountId)}::text[],
      ${rows.map(({ beganAt }) => beganAt)}::timestamptz[],
      ${rows.map(({ toldAt }) => toldAt)}::timestamptz[],
      ${rows.map(({ reminders }) => reminders)}::smallint[],
      ${rows.map(({ times }) => times)}::smallint[],
      ${rows.map(({ endingSince }) => endingSince)}::timestamptz[],
      ${rows.map(({ endedAt }) => endedAt)}::timestamptz[],
      ${rows.map(({ unjudgedSince }) => unjudgedSince)}::timestamptz[],
      ${rows.map(({ causes }) => causes?.join(' ') ?? null)}::text[]
    ) as new_notice (channel, kind, account_id, began_at, told_at, reminders, times, ending_since, ended_at, unjudged_since, causes)
    on conflict (channel, kind, account_id) do update
    set
      began_at = excluded.began_at,
      told_at = excluded.told_at,
      reminders = excluded.reminders,
      times = excluded.times,
      ending_since = excluded.ending_since,
      ended_at = excluded.ended_at,
      unjudged_since = excluded.unjudged_since,
      causes = excluded.causes`;
}

/** Forgets states. */
export async function deleteNotices(
  tx: Transaction,
  rows: readonly Pick<NoticeRow, 'channel' | 'kind' | 'accountId'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    delete from cdd.notices as stored_notice
    using unnest(
      ${rows.map(({ channel }) => channel)}::text[],
      ${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ accountId }) => accountId)}::text[]
    ) as forgotten_notice (channel, kind, account_id)
    where stored_notice.channel = forgotten_notice.channel
      and stored_notice.kind = forgotten_notice.kind
      and stored_notice.account_id = forgotten_notice.account_id`;
}
