import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { EmailChannel, SlackChannel, WebhookChannel } from '../../src/config/notify.ts';
import { reachMailServer, sendEmail } from '../../src/notify/channels/email.ts';
import { ChannelError } from '../../src/notify/channels/failure.ts';
import { reachChannel, sendMessage } from '../../src/notify/channels/send.ts';
import { composeMessage, type Message } from '../../src/notify/message/compose.ts';
import { mergeItems } from '../../src/notify/message/merge.ts';
import { createSelfSigned } from '../support/certificate.ts';
import { waitingItem } from '../support/notices.ts';
import { startMailServer, startReceiver } from '../support/receivers.ts';

const ID = '4f1c0a52-7f0e-8d5f-8c8c-0d7b6a1f2e01';
const NOW = new Date('2026-10-25T00:30:00.900Z');
const SECRET = 'a-secret-of-at-least-24-letters';

const message = (label = 'Acme'): Message =>
  composeMessage(ID, mergeItems([waitingItem({ label })]), { baseUrl: 'https://cdd.example.com', timezone: 'UTC' });

const slack = (url: string): SlackChannel => ({ id: 'ops', type: 'slack', url });
const webhook = (url: string, secret = SECRET): WebhookChannel => ({ id: 'siem', type: 'webhook', url, secret });
const email = (port: number, changes: Partial<EmailChannel> = {}): EmailChannel => ({
  id: 'mail',
  type: 'email',
  host: '127.0.0.1',
  port,
  security: 'none',
  password: null,
  from: 'cdd@example.com',
  to: ['a@example.com', 'b@example.com'],
  ...changes,
});

/** The error of a message that is not taken. */
async function failureOf(channel: SlackChannel | WebhookChannel | EmailChannel): Promise<ChannelError> {
  const error = await sendMessage(channel, message(), NOW).catch((thrown: unknown) => thrown);
  if (!(error instanceof ChannelError)) throw new Error(`not refused: ${error}`);
  return error;
}

describe('Slack', () => {
  test('gets blocks and a text in one POST', async () => {
    const { url, received } = await startReceiver();
    await sendMessage(slack(url), message(), NOW);
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
    const error = await failureOf(slack(url));
    expect(error).toMatchObject({ isPermanent, retryAfterMs: isPermanent ? null : 30_000 });
    expect(error.message).toContain(`answered ${status}${body === '' ? '' : ` (${body})`}`);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/s3cret|hook\//);
    expect([received.length, elsewhere.received.length]).toEqual([1, 0]);
  });

  test('is told what to do about a network that fails, without the address', async () => {
    const { url, close } = await startReceiver(() => ({ breaks: true }));
    expect((await failureOf(slack(url))).message).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: the connection /);
    await close();
    const refused = await failureOf(slack(url));
    expect(refused.message).toContain('nothing listens there: check host and port (ECONNREFUSED)');
    expect(refused.isPermanent).toBe(false);
    const blocked = await failureOf(slack('http://127.0.0.1:25/hook/s3cret'));
    expect(blocked).toMatchObject({ isPermanent: true, message: expect.stringContaining('refuse this port') });
    const nowhere = await failureOf(slack('https://no-such-host.invalid/hook/s3cret'));
    expect(nowhere.message).toMatch(/^no-such-host\.invalid cannot be reached/);
    expect(refused.message + nowhere.message).not.toContain('s3cret');
  });

  test('has long answers read in part, and says nothing of them', async () => {
    const { url } = await startReceiver(() => ({ status: 500, body: 's3cret '.repeat(1_000_000) }));
    expect((await failureOf(slack(url))).message).not.toContain('s3cret');
  });
});

describe('a webhook', () => {
  test.each([
    [SECRET, Buffer.from(SECRET)],
    [`whsec_${Buffer.from(SECRET).toString('base64')}`, Buffer.from(SECRET)],
  ])('is signed so that a receiver can verify it: %s', async (secret, key) => {
    const { url, received } = await startReceiver();
    await sendMessage(webhook(url, secret), message(), NOW);
    await sendMessage(webhook(url, secret), message(), new Date(NOW.getTime() + 60_000));
    const [first, second] = received;
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = first?.headers ?? {};
    expect(id).toBe(ID);
    expect(timestamp).toBe('1792888200');
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${first?.body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    // The same message again: the same body and id, at another time.
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(ID);
    expect(second?.headers['webhook-signature']).not.toBe(signature);
    expect(JSON.parse(first?.body ?? '')).toEqual({
      id: ID,
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
          url: 'https://cdd.example.com/accounts/P12345678',
        },
      ],
      items_left_out: 0,
    });
  });
});

describe('an e-mail', () => {
  test('is plain text with an id, to all recipients, whatever a label contains', async () => {
    const { port, mails } = await startMailServer();
    const hostile = 'Acme\r\nBcc: evil@example.com\r\n\r\n<b>Ås</b>';
    expect(await sendMessage(email(port), message(hostile), NOW)).toBeNull();
    expect(mails).toHaveLength(1);
    const [{ recipients = [], text = '' } = {}] = mails;
    expect(recipients).toEqual(['a@example.com', 'b@example.com']);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toContain(`Message-ID: <${ID}@cdd-sync>`);
    expect(head).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(head).toMatch(/^Content-Type: text\/plain; charset=utf-8\r?$/m);
    expect(head).toMatch(/^Subject: (\[cdd-sync\]|=\?UTF-8\?)/m);
    expect(head).not.toMatch(/^Bcc:/im);
    expect(body).toContain('What to do:');
  });

  test('to a recipient that the server refuses reaches the others, and says so', async () => {
    const { port, mails } = await startMailServer({ refused: ['b@example.com'] });
    expect(await sendMessage(email(port), message(), NOW)).toContain('refused 1 of 2 recipients');
    expect(mails[0]?.recipients).toEqual(['a@example.com']);
    const all = await startMailServer({ refused: ['a@example.com', 'b@example.com'] });
    const error = await failureOf(email(all.port));
    expect(error).toMatchObject({
      isPermanent: true,
      message: expect.stringContaining('answered 550: check "from" and "to"'),
    });
  });

  test('is not sent in the open where the server has no STARTTLS, or a certificate that nobody trusts', async () => {
    const open = await startMailServer();
    const error = await failureOf(email(open.port, { security: 'starttls' }));
    expect(error).toMatchObject({ isPermanent: true, message: expect.stringContaining('does not offer STARTTLS') });
    const untrusted = await startMailServer({ tls: createSelfSigned('127.0.0.1') });
    expect((await failureOf(email(untrusted.port, { security: 'starttls' }))).message).toContain('NODE_EXTRA_CA_CERTS');
    expect([open.mails, untrusted.mails]).toEqual([[], []]);
  });

  test('signs in, and says what is wrong with user or password without repeating them', async () => {
    const { port, mails } = await startMailServer({ credentials: { user: 'cdd', password: 'p4ss' } });
    await sendMessage(email(port, { user: 'cdd', password: 'p4ss' }), message(), NOW);
    expect(mails).toHaveLength(1);
    const error = await failureOf(email(port, { user: 'cdd', password: 'wr0ng' }));
    expect(error).toMatchObject({
      isPermanent: true,
      message: expect.stringContaining('refuses user or password (535)'),
    });
    expect(error.message).not.toContain('wr0ng');
  });

  test('that cannot be signed in for now is tried again: its password is not called wrong', async () => {
    const { port } = await startMailServer({ credentials: { user: 'cdd', password: 'p4ss' }, signInCode: 454 });
    const channel = email(port, { user: 'cdd', password: 'p4ss' });
    const error = await failureOf(channel);
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ answered 454: it cannot take messages now\.$/);
    expect(error.isPermanent).toBe(false);
    await expect(reachChannel(channel)).rejects.toThrow('answered 454: it cannot take messages now');
  });

  test('to a recipient that the server refuses for now says so, and does not have "to" corrected', async () => {
    const later = await startMailServer({ deferred: ['b@example.com'] });
    const warning = await sendMessage(email(later.port), message(), NOW);
    expect(warning).toBe('The server refused 1 of 2 recipients for now (450). It did not get this message.');
    expect(later.mails[0]?.recipients).toEqual(['a@example.com']);
    const both = await startMailServer({ deferred: ['b@example.com'], refused: ['c@example.com'] });
    const to = ['a@example.com', 'b@example.com', 'c@example.com'];
    const mixed = await sendMessage(email(both.port, { to }), message(), NOW);
    expect(mixed).toContain('refused 1 of 3 recipients. Correct "to" of the channel. ');
    expect(mixed).toContain('refused 1 of 3 recipients for now (450)');
    const all = await startMailServer({ deferred: ['a@example.com'], refused: ['b@example.com'] });
    expect((await failureOf(email(all.port))).isPermanent).toBe(false);
  });

  test.each([
    ['at its greeting', '', '220-welcome'],
    ['about what it can do', '220 ready\r\n', '250-SIZE'],
  ])(
    'to a server that always says a little more %s is given up, and so is its check',
    {
      timeout: 5_000,
    },
    async (_, greeting, more) => {
      const server = createServer((socket) => {
        socket.on('error', () => {}).resume();
        socket.write(greeting);
        const timer = setInterval(() => socket.write(`${more}\r\n`), 20);
        socket.on('close', () => clearInterval(timer));
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const closed = once(server, 'close');
      const { port } = server.address() as AddressInfo;
      await expect(sendEmail(email(port), message(), 100)).rejects.toThrow('no answer in time (ETIMEDOUT)');
      await expect(reachMailServer(email(port), 100)).rejects.toThrow('no answer in time (ETIMEDOUT)');
      // Only when no connection is left, which would keep the process of check alive.
      server.close();
      await closed;
    },
  );

  test.each([
    [451, false],
    [554, true],
  ])('that the server answers with %s is tried again, or needs a person', async (code, isPermanent) => {
    const { port } = await startMailServer({ code });
    expect(await failureOf(email(port))).toMatchObject({
      isPermanent,
      message: expect.stringContaining(`answered ${code}`),
    });
  });
});

test('a check reaches the hosts and sends nothing', async () => {
  const receiver = await startReceiver(() => ({ status: 404 }));
  const mail = await startMailServer();
  await reachChannel(slack(receiver.url));
  await reachChannel(email(mail.port));
  expect([receiver.received, mail.mails]).toEqual([[], []]);
  await receiver.close();
  await mail.close();
  await expect(reachChannel(webhook(receiver.url))).rejects.toThrow('ECONNREFUSED');
  await expect(reachChannel(email(mail.port))).rejects.toThrow('ECONNREFUSED');
});
