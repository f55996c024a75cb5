// Recipients of sent e-mails that a mail server refused for now (cdd.notice_deferrals).
import type { Database, Transaction } from '../postgres/pool.ts';
import { isDeferralDue } from './due.ts';

/** Greylisting passes within minutes; a full mailbox or a server in trouble mostly within a day. Each try waits twice as long. */
const FIRST_TRY_MINUTES = 5;
/** Together about 21 hours. */
const MOST_TRIES = 8;

/** A message that did not reach these recipients. */
export type Deferral = { messageId: string; recipients: string[]; tries: number };

/** Records that a message did not reach these recipients. */
export async function addDeferral(
  tx: Transaction,
  channel: string,
  { messageId, recipients }: { messageId: string; recipients: readonly string[] },
): Promise<void> {
  await tx.$executeRaw`
    insert into cdd.notice_deferrals (channel, message_id, recipients, next_try_at)
    values (${channel}, ${messageId}::uuid, ${[...recipients]}::text[], now() + ${FIRST_TRY_MINUTES} * interval '1 minute')
    on conflict (channel, message_id) do update set recipients = excluded.recipients`;
}

/** The message of a channel whose next try is due first; null = none is due. */
export async function dueDeferral(database: Database, channel: string): Promise<Deferral | null> {
  const [found] = await database.$queryRaw<Deferral[]>`
    select message_id::text as "messageId", recipients, tries::integer as tries
    from cdd.notice_deferrals as deferral
    where channel = ${channel} and ${isDeferralDue}
    order by next_try_at
    limit 1`;
  return found ?? null;
}

/** Plans the next try for these recipients. Returns false when that was the last one: the deferral is deleted. */
export async function deferAgain(
  database: Database,
  channel: string,
  { messageId, tries, recipients }: Deferral,
): Promise<boolean> {
  if (recipients.length === 0 || tries + 1 >= MOST_TRIES) {
    await database.$executeRaw`
      delete from cdd.notice_deferrals where channel = ${channel} and message_id = ${messageId}::uuid`;
    return false;
  }
  await database.$executeRaw`
    update cdd.notice_deferrals
    set
      recipients = ${recipients}::text[],
      tries = tries + 1,
      next_try_at = now() + ${FIRST_TRY_MINUTES * 2 ** (tries + 1)} * interval '1 minute'
    where channel = ${channel} and message_id = ${messageId}::uuid`;
  return true;
}
