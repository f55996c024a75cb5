import type { Channel } from '../config/notify.ts';
import { counted } from '../model/counted.ts';
import { recordUndelivered } from '../store/notices/channels.ts';
import { deferAgain, dueDeferral } from '../store/notices/deferrals.ts';
import { sentItems } from '../store/notices/items.ts';
import type { Database } from '../store/postgres/pool.ts';
import { deferralText, refusalText, type Sent } from './channels/email.ts';
import { ChannelError } from './channels/failure.ts';
import { sendMessage } from './channels/send.ts';
import type { DeliverOptions } from './deliver.ts';
import { composeMessage } from './message/compose.ts';
import { mergeItems } from './message/merge.ts';

export type DeferredDelivery = {
  messageId: string;
  /** Number of recipients that have the message now. */
  reached: number;
  /** A sentence about recipients that will never have it; null = none. */
  lost: string | null;
};

/**
 * Sends a message once more, with its id, to recipients that the server refused for now. Null if none is due. Recipients that
 * the channel does not have any more get nothing.
 */
export async function deliverDeferred(
  database: Database,
  channel: Channel,
  { now = () => new Date(), send = sendMessage, ...surroundings }: DeliverOptions,
): Promise<DeferredDelivery | null> {
  const deferral = await dueDeferral(database, channel.id);
  if (deferral === null) return null;
  const { messageId } = deferral;
  const items = await sentItems(database, channel.id, messageId);
  const addresses = channel.type === 'email' && items.length > 0 ? channel.to : [];
  const recipients = deferral.recipients.filter((address) => addresses.includes(address));
  const message = composeMessage(messageId, mergeItems(items), surroundings);
  const { waiting, refused, reason } = await tryAgain(recipients, () =>
    send(channel, message, { now: now(), recipients }),
  );
  const goesOn = await deferAgain(database, channel.id, { ...deferral, recipients: waiting });
  const missed = goesOn ? refused : refused + waiting.length;
  const lost = missed === 0 ? null : `${counted(missed, 'recipient')} did not get message ${messageId}: ${reason}`;
  if (lost !== null) await recordUndelivered(database, channel.id, lost);
  return { messageId, reached: recipients.length - refused - waiting.length, lost };
}

/** The recipients that still wait, the number of those refused for good, and why, in a sentence. */
async function tryAgain(
  recipients: string[],
  send: () => Promise<Sent>,
): Promise<{ waiting: string[]; refused: number; reason: string }> {
  if (recipients.length === 0) return { waiting: [], refused: 0, reason: '' };
  try {
    const sent = await send();
    const reason = [refusalText(sent) ?? [], deferralText(sent) ?? []].flat().join(' ');
    return { waiting: [...sent.deferred], refused: sent.refused, reason };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const { isPermanent, message: reason } = error;
    return isPermanent
      ? { waiting: [], refused: recipients.length, reason }
      : { waiting: recipients, refused: 0, reason };
  }
}
