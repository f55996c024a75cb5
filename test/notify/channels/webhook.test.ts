import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { sendMessage } from '../../../src/notify/channels/send.ts';
import { MESSAGE_ID, NOW, noticeMessage, SECRET, webhookChannel } from '../../support/channels.ts';
import { startReceiver } from '../../support/receivers.ts';

test.each([
  [SECRET, Buffer.from(SECRET)],
  [`whsec_${Buffer.from(SECRET).toString('base64')}`, Buffer.from(SECRET)],
])('is signed so that a receiver can verify it: %s', async (secret, key) => {
  const { url, received } = await startReceiver();
  await sendMessage(webhookChannel(url, secret), noticeMessage(), { now: NOW });
  await sendMessage(webhookChannel(url, secret), noticeMessage(), { now: new Date(NOW.getTime() + 60_000) });
  const [first, second] = received;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = first?.headers ?? {};
  expect(id).toBe(MESSAGE_ID);
  expect(timestamp).toBe('1792888200');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${first?.body}`).digest('base64');
  expect(signature).toBe(`v1,${expected}`);
  // The same message again: the same body and id, at another time.
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['webhook-id']).toBe(MESSAGE_ID);
  expect(second?.headers['webhook-signature']).not.toBe(signature);
  expect(JSON.parse(first?.body ?? '')).toEqual({
    id: MESSAGE_ID,
    type: 'notice',
    title: 'P12345678 (Acme) is late: no run ended in time, and none failed',
    text: expect.stringContaining('What to do: '),
    items: [
      {
        kind: 'account_stale',
        phase: 'began',
        account_id: 'P12345678',
        account_label: 'Acme',
        since: '2026-10-24T10:00:00.000Z',
        items: 0,
        new_items: 0,
        code: null,
        case_ids: [],
        judged_at: '2026-10-24T10:45:00.000Z',
        ended_at: null,
        url: 'https://cdd.example.com/accounts/P12345678',
      },
    ],
    items_left_out: 0,
  });
});
