import { count } from '../../model/number-text.ts';
import { age, type Clock, shortTime } from '../../model/time-text.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { viewAddress } from '../html/block.ts';
import { link } from '../html/link.ts';
import type { Need } from './attention.ts';

type DownChannel = { channel: string; down_since: Date; last_error: string | null; waiting: number };

/**
 * Channels of notify that have taken no message for some minutes: nobody is told of anything through them. Nothing waits
 * long for a channel that was taken out of the configuration.
 */
export function readDownChannels(tx: Transaction): Promise<DownChannel[]> {
  return tx.$queryRaw<DownChannel[]>`
    select channel, down_since, last_error, waiting
    from reporting.notice_channels
    where down_since < now() - interval '5 minutes' and waiting > 0
    order by channel`;
}

/** One line a channel, with its error and the verb that tries it. */
export function channelNeeds(channels: readonly DownChannel[], clock: Clock): Need[] {
  return channels.map(({ channel, down_since: since, last_error: error, waiting }) => ({
    kind: 'act',
    words: `No message gets through the channel ${channel} since ${shortTime(since, clock)} (${age(since, clock)}); ${waitText(waiting)} to be told.`,
    more: `${error ?? ''} When it is mended, try it: "cdd-sync notify test ${channel}".`.trim(),
    links: [link(viewAddress('notice_channels'), 'About channels')],
  }));
}

function waitText(waiting: number): string {
  return waiting === 1 ? '1 thing waits' : `${count(waiting)} things wait`;
}
