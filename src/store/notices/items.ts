// Things to tell (cdd.notice_items): an outbox, and afterwards a record.
import type { NoticeKind, NoticePhase } from '../../model/notice.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';
import { isChannelDue, isDeferralDue } from './due.ts';

export type NoticeItem = {
  channel: string;
  kind: NoticeKind;
  accountId: string;
  phase: NoticePhase;
  beganAt: Date;
  items: number;
  newItems: number;
  code: string | null;
  caseIds: string[];
  judgedAt: Date;
  /** Of over and unwatched: since when it is so; null = it lasts. */
  endedAt: Date | null;
};

/** An item that waits, with the account's label. */
export type WaitingItem = NoticeItem & { id: string; label: string | null };

/** More than one message can name. An outage of a channel that lasts for weeks must not fill the memory. */
const MOST_WAITING = 20_000;

/** Puts items into the outbox. */
export async function addItems(tx: Transaction, items: readonly NoticeItem[]): Promise<void> {
  if (items.length === 0) return;
  await tx.$executeRaw`
    insert into cdd.notice_items (
      channel, kind, account_id, phase, began_at, items, new_items, code, case_ids, judged_at, ended_at
    )
    select channel, kind, account_id, phase, began_at, items, new_items, code, string_to_array(case_ids, ' ')::uuid[], judged_at, ended_at
    from unnest(
      ${items.map(({ channel }) => channel)}::text[],
      ${items.map(({ kind }) => kind)}::text[],
      ${items.map(({ accountId }) => accountId)}::text[],
      ${items.map(({ phase }) => phase)}::text[],
      ${items.map(({ beganAt }) => beganAt)}::timestamptz[],
      ${items.map((item) => item.items)}::integer[],
      ${items.map(({ newItems }) => newItems)}::integer[],
      ${items.map(({ code }) => code)}::text[],
      ${items.map(({ caseIds }) => caseIds.join(' '))}::text[],
      ${items.map(({ judgedAt }) => judgedAt)}::timestamptz[],
      ${items.map(({ endedAt }) => endedAt)}::timestamptz[]
    ) as judged_item (channel, kind, account_id, phase, began_at, items, new_items, code, case_ids, judged_at, ended_at)`;
}

/**
 * The items that wait for a channel, the oldest first; none while the channel may not be tried. An account has its label only
 * if that cannot be a person's name: the label of a discovered merchant is its business name.
 */
export function waitingItems(database: Database, channel: string): Promise<WaitingItem[]> {
  return readItems(
    database,
    Prisma.sql`item.channel = ${channel} and item.sent_at is null and not exists (
      select from cdd.notice_channels as stored_channel
      where stored_channel.channel = ${channel} and not ${isChannelDue}
    )`,
  );
}

/** The items of a message that a channel took. */
export function sentItems(database: Database, channel: string, messageId: string): Promise<WaitingItem[]> {
  return readItems(database, Prisma.sql`item.channel = ${channel} and item.message_id = ${messageId}::uuid`);
}

function readItems(database: Database, condition: Prisma.Sql): Promise<WaitingItem[]> {
  return database.$queryRaw<WaitingItem[]>`
    select
      item.id::text as id,
      item.channel,
      item.kind,
      item.account_id as "accountId",
      case when account.partner_id is null then account.label end as label,
      item.phase,
      item.began_at as "beganAt",
      item.items,
      item.new_items as "newItems",
      item.code,
      item.case_ids::text[] as "caseIds",
      item.judged_at as "judgedAt",
      item.ended_at as "endedAt"
    from cdd.notice_items as item
    join cdd.accounts as account on account.id = item.account_id
    where ${condition}
    order by item.judged_at, item.id
    limit ${MOST_WAITING}`;
}

/** Channels that have something to send now: waiting items, or a message for recipients that were refused for now. */
export async function dueChannels(tx: Transaction, channels: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ channel: string }[]>`
    select channel
    from unnest(${[...channels]}::text[]) as configured (channel)
    left join cdd.notice_channels as stored_channel using (channel)
    where ${isChannelDue}
      and exists (select from cdd.notice_items as item where item.channel = configured.channel and item.sent_at is null)
      or exists (
        select from cdd.notice_deferrals as deferral
        where deferral.channel = configured.channel and ${isDeferralDue}
      )`;
  return rows.map(({ channel }) => channel);
}

/** Deletes items that wait for channels which are not configured any more, after a day. Returns how many of each. */
export async function dropOrphans(
  tx: Transaction,
  channels: readonly string[],
  now: Date,
): Promise<{ channel: string; items: number }[]> {
  // Its failures, too: nobody could mend them.
  await tx.$executeRaw`
    delete from cdd.notice_channels
    where channel <> all(${[...channels]}::text[])
      and greatest(last_sent_at, down_since) < ${now}::timestamptz - interval '1 day'`;
  await tx.$executeRaw`
    delete from cdd.notice_deferrals
    where channel <> all(${[...channels]}::text[]) and next_try_at < ${now}::timestamptz - interval '1 day'`;
  return tx.$queryRaw<{ channel: string; items: number }[]>`
    with dropped_item as (
      delete from cdd.notice_items
      where sent_at is null and channel <> all(${[...channels]}::text[]) and judged_at < ${now}::timestamptz - interval '1 day'
      returning channel
    )
    select channel, count(*)::integer as items
    from dropped_item
    group by channel
    order by channel`;
}
