import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { deferralText, refusalText, sendEmail } from '../../../src/notify/channels/email.ts';
import { reachMailServer } from '../../../src/notify/channels/mail-server.ts';
import { reachChannel, sendMessage } from '../../../src/notify/channels/send.ts';
import { createSelfSigned } from '../../support/certificate.ts';
import { emailChannel, failureOf, MESSAGE_ID, NOW, noticeMessage } from '../../support/channels.ts';
import { startMailServer } from '../../support/receivers.ts';

test('a mail is plain text with an id, to all recipients, whatever a label contains', async () => {
  const { port, mails } = await startMailServer();
  const hostile = 'Acme\r\nBcc: evil@example.com\r\n\r\n<b>Ås</b>';
  expect(await sendMessage(emailChannel(port), noticeMessage(hostile), { now: NOW })).toEqual({
    refused: 0,
    deferred: [],
    code: null,
  });
  expect(mails).toHaveLength(1);
  const [{ recipients = [], text = '' } = {}] = mails;
  expect(recipients).toEqual(['a@example.com', 'b@example.com']);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head).toContain(`Message-ID: <${MESSAGE_ID}@cdd-sync>`);
  expect(head).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(head).toMatch(/^Content-Type: text\/plain; charset=utf-8\r?$/m);
  expect(head).toMatch(/^Subject: (\[cdd-sync\]|=\?UTF-8\?)/m);
  expect(head).not.toMatch(/^Bcc:/im);
  expect(body).toContain('What to do:');
});

test('a recipient that the server refuses is counted, and the others get the mail', async () => {
  const { port, mails } = await startMailServer({ refused: ['b@example.com'] });
  const sent = await sendMessage(emailChannel(port), noticeMessage(), { now: NOW });
  expect(refusalText(sent)).toBe('The server refused 1 recipient. Correct "to" of the channel.');
  expect(mails[0]?.recipients).toEqual(['a@example.com']);
  const all = await startMailServer({ refused: ['a@example.com', 'b@example.com'] });
  const error = await failureOf(emailChannel(all.port));
  expect(error).toMatchObject({
    isPermanent: true,
    message: expect.stringContaining('answered 550: check "from" and "to"'),
  });
});

test('a mail is not sent in the open where the server has no STARTTLS, or a certificate that nobody trusts', async () => {
  const open = await startMailServer();
  const error = await failureOf(emailChannel(open.port, { security: 'starttls' }));
  expect(error).toMatchObject({ isPermanent: true, message: expect.stringContaining('does not offer STARTTLS') });
  const untrusted = await startMailServer({ tls: createSelfSigned('127.0.0.1') });
  expect((await failureOf(emailChannel(untrusted.port, { security: 'starttls' }))).message).toContain(
    'NODE_EXTRA_CA_CERTS',
  );
  expect([open.mails, untrusted.mails]).toEqual([[], []]);
});

test('the channel signs in, and says what is wrong with user or password without repeating them', async () => {
  const { port, mails } = await startMailServer({ credentials: { user: 'cdd', password: 'p4ss' } });
  await sendMessage(emailChannel(port, { user: 'cdd', password: 'p4ss' }), noticeMessage(), { now: NOW });
  expect(mails).toHaveLength(1);
  const error = await failureOf(emailChannel(port, { user: 'cdd', password: 'wr0ng' }));
  expect(error).toMatchObject({
    isPermanent: true,
    message: expect.stringContaining('refuses user or password (535)'),
  });
  expect(error.message).not.toContain('wr0ng');
});

test('a server that refuses to sign in for now is tried again, and its password is not called wrong', async () => {
  const { port } = await startMailServer({ credentials: { user: 'cdd', password: 'p4ss' }, signInCode: 454 });
  const channel = emailChannel(port, { user: 'cdd', password: 'p4ss' });
  const error = await failureOf(channel);
  expect(error.message).toMatch(/^127\.0\.0\.1:\d+ answered 454: it cannot take messages now\.$/);
  expect(error.isPermanent).toBe(false);
  await expect(reachChannel(channel)).rejects.toThrow('answered 454: it cannot take messages now');
});

test('a recipient that the server refuses for now gets the mail later, and "to" is not called wrong', async () => {
  const { port, mails } = await startMailServer({ deferred: ['b@example.com'], refused: ['c@example.com'] });
  const channel = emailChannel(port, { to: ['a@example.com', 'b@example.com', 'c@example.com'] });
  const sent = await sendMessage(channel, noticeMessage(), { now: NOW });
  expect(sent).toEqual({ refused: 1, deferred: ['b@example.com'], code: 450 });
  expect(deferralText(sent)).toBe('The server refused 1 recipient for now (450).');
  expect(mails[0]?.recipients).toEqual(['a@example.com']);
  const all = await startMailServer({ deferred: ['a@example.com'], refused: ['b@example.com'] });
  expect((await failureOf(emailChannel(all.port))).isPermanent).toBe(false);
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
    await expect(sendEmail(emailChannel(port), noticeMessage(), { deadlineMs: 100 })).rejects.toThrow(
      'no answer in time (ETIMEDOUT)',
    );
    await expect(reachMailServer(emailChannel(port), 100)).rejects.toThrow('no answer in time (ETIMEDOUT)');
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
  expect(await failureOf(emailChannel(port))).toMatchObject({
    isPermanent,
    message: expect.stringContaining(`answered ${code}`),
  });
});
