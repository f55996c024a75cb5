import { createTransport } from 'nodemailer';
import type { EmailChannel } from '../../config/notify.ts';
import { type Message, messageText } from '../message/compose.ts';
import { ChannelError, codeOf, connectionError } from './failure.ts';

const TIMEOUT_MS = 15_000;
/** Of all answers together: a server that sends a byte now and then would keep the messages of other channels waiting. */
const DEADLINE_MS = 60_000;

/**
 * Sends an e-mail. Returns a warning if the server refused some of the recipients.
 * @throws ChannelError when the server takes it for nobody.
 */
export async function sendEmail(
  channel: EmailChannel,
  message: Message,
  deadlineMs = DEADLINE_MS,
): Promise<string | null> {
  const transport = transportOf(channel);
  try {
    const { rejected } = await transport.sendMail({
      // As objects and not as text, in which a comma or an angle bracket would add a recipient.
      from: { name: 'cdd-sync', address: channel.from },
      to: channel.to.map((address) => ({ name: '', address })),
      subject: `[cdd-sync] ${message.title}`,
      messageId: `<${message.id}@cdd-sync>`,
      // No vacation answers, no mailing lists' answers.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      text: `${messageText(message)}\n`,
      disableFileAccess: true,
      disableUrlAccess: true,
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (rejected.length === 0) return null;
    return `The server refused ${rejected.length} of ${channel.to.length} recipients. Correct "to" of the channel.`;
  } catch (error) {
    throw emailError(channel, error);
  } finally {
    transport.close();
  }
}

/** Whether the server answers and lets the user sign in; sends nothing. */
export async function reachMailServer(channel: EmailChannel): Promise<void> {
  const transport = transportOf(channel);
  try {
    await transport.verify();
  } catch (error) {
    throw emailError(channel, error);
  } finally {
    transport.close();
  }
}

function transportOf({ host, port, security, user, password }: EmailChannel) {
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
  });
}

/** The server's own words are left out: they may repeat addresses or the message. */
function emailError({ host, port, security }: EmailChannel, error: unknown): ChannelError {
  const server = `${host}:${port}`;
  const status = responseCode(error);
  const code = codeOf(error);
  if (code === 'EAUTH') {
    return new ChannelError(
      `${server} refuses user or password (${status ?? code}): correct them, and restart the worker.`,
      { isPermanent: true },
    );
  }
  if (code === 'ETLS' && security === 'starttls') {
    return new ChannelError(
      `${server} does not offer STARTTLS: set security: tls with its port, or ask its operator.`,
      { isPermanent: true },
    );
  }
  if (status === null) return connectionError(server, error);
  const isPermanent = status >= 500;
  const advice = isPermanent
    ? 'check "from" and "to" of the channel, and whether the server may relay them'
    : 'it cannot take messages now';
  return new ChannelError(`${server} answered ${status}: ${advice}.`, { isPermanent });
}

function responseCode(error: unknown): number | null {
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'responseCode') : null;
  return typeof status === 'number' ? status : null;
}
