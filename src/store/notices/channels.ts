// Whether channels take messages (cdd.notice_channels).
import type { Database } from '../postgres/pool.ts';
import { addDeferral } from './deferrals.ts';

/** Whether a channel takes messages, as the metrics have it. */
export type ChannelHealth = {
  channel: string;
  /** Since when messages fail; null = they do not. */
  downSince: Date | null;
  /** Things that wait to be told. */
  waiting: number;
};

/** All channels that the database knows. A channel that was never used is not among them. */
export function channelsHealth(database: Database): Promise<ChannelHealth[]> {
  return database.$queryRaw<ChannelHealth[]>`
    select channel, down_since as "downSince", waiting
    from reporting.notice_channels
    order by channel`;
}

/** Records that a channel took a message with these items. Returns since when it was down; null = it was not. */
export async function recordSent(
  database: Database,
  channel: string,
  {
    itemIds,
    messageId,
    pauseMs,
    warning,
    deferred,
  }: {
    itemIds: readonly string[];
    messageId: string;
    pauseMs: number;
    warning: string | null;
    /** Recipients that do not have the message yet. */
    deferred: readonly string[];
  },
): Promise<Date | null> {
  return database.transact(async (tx) => {
    await tx.$executeRaw`
      update cdd.notice_items
      set sent_at = now(), message_id = ${messageId}::uuid
      where id = any(${[...itemIds]}::uuid[])`;
    if (deferred.length > 0) await addDeferral(tx, channel, { messageId, recipients: deferred });
    const [before] = await tx.$queryRaw<{ downSince: Date | null }[]>`
      select down_since as "downSince" from cdd.notice_channels where channel = ${channel} for update`;
    await tx.$executeRaw`
      insert into cdd.notice_channels (channel, last_sent_at, next_try_at, last_error)
      values (${channel}, now(), now() + ${pauseMs} * interval '1 millisecond', ${warning})
      on conflict (channel) do update
      set
        last_sent_at = excluded.last_sent_at,
        next_try_at = excluded.next_try_at,
        down_since = null,
        failures = 0,
        last_error = excluded.last_error`;
    return before?.downSince ?? null;
  });
}

/** Records a failure. `waitMs`: until the next try. Returns whether the channel was up before, or failed otherwise. */
export async function recordFailure(
  database: Database,
  channel: string,
  { error, waitMs }: { error: string; waitMs: number },
): Promise<{ isNew: boolean }> {
  return database.transact(async (tx) => {
    const [before] = await tx.$queryRaw<{ lastError: string | null; downSince: Date | null }[]>`
      select last_error as "lastError", down_since as "downSince"
      from cdd.notice_channels
      where channel = ${channel}
      for update`;
    await tx.$executeRaw`
      insert into cdd.notice_channels as stored_channel (channel, down_since, failures, last_error, next_try_at)
      values (${channel}, now(), 1, ${error}, now() + ${waitMs} * interval '1 millisecond')
      on conflict (channel) do update
      set
        down_since = coalesce(stored_channel.down_since, excluded.down_since),
        failures = stored_channel.failures + 1,
        last_error = excluded.last_error,
        next_try_at = excluded.next_try_at`;
    return { isNew: before?.downSince == null || before.lastError !== error };
  });
}

/** Records that some recipients of a message never got it. A failure of the channel itself says more, and stays. */
export async function recordUndelivered(database: Database, channel: string, error: string): Promise<void> {
  await database.$executeRaw`
    update cdd.notice_channels set last_error = ${error} where channel = ${channel} and down_since is null`;
}

/** Lets all channels be tried at once: a worker that starts may have corrected settings. */
export async function tryAgain(database: Database): Promise<void> {
  await database.$executeRaw`
    update cdd.notice_channels
    set next_try_at = null
    where down_since is not null and next_try_at is not null`;
}
