import { expect, test } from 'vitest';
import { sendMessage } from '../../../src/notify/channels/send.ts';
import { failureOf, NOW, noticeMessage, slackChannel } from '../../support/channels.ts';
import { startReceiver } from '../../support/receivers.ts';

test('Slack gets blocks and a text in one POST', async () => {
  const { url, received } = await startReceiver();
  await sendMessage(slackChannel(url), noticeMessage(), { now: NOW });
  expect(received).toHaveLength(1);
  const body = JSON.parse(received[0]?.body ?? '');
  expect(received[0]?.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(body.text).toContain('P12345678 (Acme) is late');
  expect(body.blocks[0].text.text).toBe('P12345678 (Acme) is late: no run ended in time, and none failed');
});

test.each([
  [404, 'no_service', true],
  [410, 'channel_is_archived', true],
  [403, 'action_prohibited', true],
  [400, 'invalid_payload', true],
  [302, '', true],
  [500, 'server_error', false],
  [429, 'rate_limited', false],
])('answers %s %s: an error with advice, in which the address is not', async (status, body, isPermanent) => {
  const elsewhere = await startReceiver();
  const headers = { 'retry-after': '30', location: elsewhere.url };
  const { url, received } = await startReceiver(() => ({ status, body, headers }));
  const error = await failureOf(slackChannel(url));
  expect(error).toMatchObject({ isPermanent, retryAfterMs: isPermanent ? null : 30_000 });
  expect(error.message).toContain(`answered ${status}${body === '' ? '' : ` (${body})`}`);
  expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/s3cret|hook\//);
  expect([received.length, elsewhere.received.length]).toEqual([1, 0]);
});

test('an error of the network says what to do, without the address', async () => {
  const { url, close } = await startReceiver(() => ({ breaks: true }));
  expect((await failureOf(slackChannel(url))).message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: the connection /);
  await close();
  const refused = await failureOf(slackChannel(url));
  expect(refused.message).toContain('nothing listens there: check host and port (ECONNREFUSED)');
  expect(refused.isPermanent).toBe(false);
  const blocked = await failureOf(slackChannel('http://127.0.0.1:25/hook/s3cret'));
  expect(blocked).toMatchObject({ isPermanent: true, message: expect.stringContaining('refuse this port') });
  const nowhere = await failureOf(slackChannel('https://no-such-host.invalid/hook/s3cret'));
  expect(nowhere.message).toMatch(/^no-such-host\.invalid cannot be reached/);
  expect(refused.message + nowhere.message).not.toContain('s3cret');
});

test('no error repeats the answer of the channel, however long it is', async () => {
  const { url } = await startReceiver(() => ({ status: 500, body: 's3cret '.repeat(1_000_000) }));
  expect((await failureOf(slackChannel(url))).message).not.toContain('s3cret');
});
