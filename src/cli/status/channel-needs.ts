import { count } from '../../model/number-text.ts';
import type { Clock } from '../../model/time-text.ts';
import type { Need } from '../../pages/overview/attention.ts';
import type { ChannelStatus } from '../../store/notices/channels.ts';
import { timeText } from '../terminal/time.ts';

/** Channels of notifications that take no messages: nobody is told of anything through them. */
export function channelNeeds(channels: readonly ChannelStatus[], clock: Clock): Need[] {
  return channels.flatMap(({ channel, downSince, lastError, waiting }): Need[] => {
    // Nothing waits long for a channel that was taken out of the configuration.
    if (downSince === null || waiting === 0) return [];
    const things = waiting === 1 ? '1 thing waits' : `${count(waiting)} things wait`;
    return [
      {
        kind: 'act',
        words: `No message gets through the channel ${channel} since ${timeText(downSince, clock)}; ${things} to be told.`,
        more: `${lastError ?? ''} When it is mended, try it: "cdd-sync notify test".`.trim(),
        links: [],
      },
    ];
  });
}
