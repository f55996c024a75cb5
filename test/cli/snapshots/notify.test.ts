import { testResultLines } from '../../../src/cli/notify/text.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const failed = { type: 'slack', ok: false } as const;
const results = [
  { channel: 'ops', type: 'slack', ok: true, message: 'the test message was taken; look whether it arrived' } as const,
  {
    ...failed,
    channel: 'officers',
    message:
      'hooks.slack.com answered 410 (channel_is_archived): the webhook was removed or its channel archived. Make a new incoming webhook, put its URL where the configuration reads it, and restart the worker.',
  },
  ...Object.entries(ODD_TEXTS).map(([channel, message]) => ({ ...failed, channel, message })),
];

testSnapshots('notify-test', {
  lines: (style) => testResultLines(results, style),
  ids: ['ops', 'officers'],
});
