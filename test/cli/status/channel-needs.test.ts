import { expect, test } from 'vitest';
import { channelNeeds } from '../../../src/cli/status/channel-needs.ts';

const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };
const channel = {
  channel: 'ops',
  lastSentAt: null,
  downSince: new Date('2026-11-03T12:05:00Z'),
  failures: 3,
  lastError: 'hooks.test answered 404. Make a new webhook.',
  nextTryAt: null,
  waiting: 2,
  waitingSince: null,
};

test('a channel that takes no messages needs a person, who is told why', () => {
  expect(channelNeeds([channel], clock)).toEqual([
    {
      kind: 'act',
      words: 'No message gets through the channel ops since 13:05 (1 h ago); 2 things wait to be told.',
      more: 'hooks.test answered 404. Make a new webhook. When it is mended, try it: "cdd-sync notify test".',
      links: [],
    },
  ]);
});

test('a channel that works, or for which nothing waits because it is not configured any more, needs nobody', () => {
  expect(
    channelNeeds(
      [
        { ...channel, downSince: null },
        { ...channel, waiting: 0 },
      ],
      clock,
    ),
  ).toEqual([]);
});
