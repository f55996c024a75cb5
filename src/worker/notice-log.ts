// The log's lines about messages.
import type { Log } from '../log.ts';
import { counted } from '../model/counted.ts';
import { deferralText, refusalText } from '../notify/channels/email.ts';
import type { Delivery } from '../notify/deliver.ts';
import type { DeferredDelivery } from '../notify/deliver-deferred.ts';
import { durationText } from './outage.ts';

type NoticeLog = Pick<Log, 'info' | 'warn' | 'error' | 'debug'>;

/** One line for each message, and one when a channel fails, fails otherwise, or works again. */
export function logDelivery(log: NoticeLog, channel: string, delivery: Delivery): void {
  if (delivery.outcome === 'nothing') return;
  if (delivery.outcome === 'failed') {
    const { error, isNew } = delivery;
    const next = error.isPermanent ? 'it is tried again once an hour, and when a worker starts' : 'it is tried again';
    log[isNew ? 'error' : 'debug'](
      { channel },
      `messages to ${channel} cannot be sent: ${error.message} Waiting messages are kept; ${next}`,
    );
    return;
  }
  const { items, messageId, downSince, sent } = delivery;
  if (downSince !== null) {
    const outage = durationText(Math.max(0, Date.now() - downSince.getTime()));
    log.info({ channel }, `messages to ${channel} are sent again, after ${outage}`);
  }
  const [refused, deferred] = [refusalText(sent), deferralText(sent)];
  if (refused !== null) log.warn({ channel }, `${channel}: ${refused}`);
  if (deferred !== null)
    log.info({ channel, message: messageId }, `${channel}: ${deferred} The message is sent to them again for a day.`);
  log.info({ channel, items, message: messageId }, `told ${channel}`);
}

/** Lines about recipients that have a message later than others, or never. */
export function logDeferredDelivery(log: NoticeLog, channel: string, delivery: DeferredDelivery | null): void {
  if (delivery === null) return;
  const { messageId: message, reached, lost } = delivery;
  if (reached > 0)
    log.info({ channel, message }, `told ${counted(reached, 'recipient')} of ${channel} that the server had refused`);
  if (lost !== null) log.warn({ channel, message }, `${channel}: ${lost}`);
}
