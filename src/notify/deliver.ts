import type { Channel } from '../config/notify.ts';
import { recordFailure, recordSent } from '../store/notices/channels.ts';
import { waitingItems } from '../store/notices/items.ts';
import type { Database } from '../store/postgres/pool.ts';
import { refusalText, type Sent } from './channels/email.ts';
import { ChannelError } from './channels/failure.ts';
import { sendMessage } from './channels/send.ts';
import { composeMessage } from './message/compose.ts';
import { mergeItems, messageIdOf } from './message/merge.ts';
import type { Surroundings } from './message/message.ts';

/** Items of this time after a message are merged into the next: a thousand accounts do not fail in one minute. */
const PAUSE_MS = 5 * 60_000;
/** A channel that needs a person is tried only so often: after a correction, a restart tries at once. */
const PERMANENT_MS = 3_600_000;

export type Delivery =
  | { outcome: 'nothing' }
  | { outcome: 'sent'; items: number; messageId: string; downSince: Date | null; sent: Sent }
  /** `isNew`: the channel was up before, or failed with another error. `mayRetry`: without waiting for a certain time. */
  | { outcome: 'failed'; error: ChannelError; isNew: boolean; mayRetry: boolean };

export type DeliverOptions = Surroundings & {
  /** The process' clock, for signatures. */
  now?: () => Date;
  send?: typeof sendMessage;
};

/**
 * Sends everything that waits for a channel in one message. If this process dies in between, the same message is sent again
 * with the same id.
 */
export async function deliver(
  database: Database,
  channel: Channel,
  { now = () => new Date(), send = sendMessage, ...surroundings }: DeliverOptions,
): Promise<Delivery> {
  const items = await waitingItems(database, channel.id);
  if (items.length === 0) return { outcome: 'nothing' };
  const messageId = messageIdOf(items);
  const message = composeMessage(messageId, mergeItems(items), surroundings);
  try {
    const sent = await send(channel, message, { now: now() });
    const downSince = await recordSent(database, channel.id, {
      itemIds: items.map(({ id }) => id),
      messageId,
      pauseMs: PAUSE_MS,
      warning: refusalText(sent),
      deferred: sent.deferred,
    });
    return { outcome: 'sent', items: items.length, messageId, downSince, sent };
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    const waitMs = error.isPermanent ? PERMANENT_MS : (error.retryAfterMs ?? 0);
    const { isNew } = await recordFailure(database, channel.id, { error: error.message, waitMs });
    return { outcome: 'failed', error, isNew, mayRetry: waitMs === 0 };
  }
}
