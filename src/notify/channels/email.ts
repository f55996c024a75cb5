import { createTransport } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailChannel } from '../../config/notify.ts';
import { type Message, messageText } from '../message/compose.ts';
import { ChannelError, codeOf, connectionError } from './failure.ts';

const TIMEOUT_MS = 15_000;
/** Of all answers together: a server that sends a byte now and then would keep check and the messages of other channels waiting. */
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
  const transport = createTransport({ ...optionsOf(channel), ...authOf(channel) });
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const { rejectedErrors = [] } = await transport.sendMail({
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
      signal,
    });
    return refusalText(rejectedErrors.map(responseCode), channel.to.length);
  } catch (error) {
    throw emailError(channel, signal.aborted ? signal.reason : error);
  } finally {
    transport.close();
  }
}

/** The warning about refused recipients, by the codes of the answers; null if there are none. */
function refusalText(codes: readonly (number | null)[], recipients: number): string | null {
  const deferred = codes.filter(isTemporary);
  const refused = codes.length - deferred.length;
  const texts: string[] = [];
  if (refused > 0)
    texts.push(`The server refused ${refused} of ${recipients} recipients. Correct "to" of the channel.`);
  if (deferred.length > 0) {
    const they = deferred.length === 1 ? 'It' : 'They';
    texts.push(
      `The server refused ${deferred.length} of ${recipients} recipients for now (${deferred[0]}). ${they} did not get this message.`,
    );
  }
  return texts.length === 0 ? null : texts.join(' ');
}

function isTemporary(status: number | null): boolean {
  return status !== null && status >= 400 && status < 500;
}

/**
 * Whether the server answers and lets the user sign in; sends nothing.
 * @throws ChannelError when it does not.
 */
export async function reachMailServer(channel: EmailChannel, deadlineMs = DEADLINE_MS): Promise<void> {
  // Not the transport's verify(): it takes no signal, and nothing else closes its connection.
  const connection = new SMTPConnection(optionsOf(channel));
  try {
    await signIn(connection, channel, AbortSignal.timeout(deadlineMs));
  } catch (error) {
    throw emailError(channel, error);
  } finally {
    connection.close();
  }
}

function signIn(connection: SMTPConnection, channel: EmailChannel, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: unknown) => (error ? reject(error) : resolve());
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    connection.on('error', reject);
    connection.once('end', () => reject(new Error('closed')));
    connection.connect((error) => {
      const { auth } = authOf(channel);
      if (error || auth === undefined || !connection.allowsAuth) done(error);
      else connection.login({ user: auth.user, credentials: auth }, done);
    });
  });
}

function authOf({ user, password }: EmailChannel) {
  return user === undefined ? {} : { auth: { user, pass: password ?? '' } };
}

function optionsOf({ host, port, security }: EmailChannel) {
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
  };
}

/** The server's own words are left out: they may repeat addresses or the message. */
function emailError({ host, port, security }: EmailChannel, error: unknown): ChannelError {
  const server = `${host}:${port}`;
  const status = responseCode(error);
  const code = codeOf(error);
  if (code === 'EAUTH' && !isTemporary(status)) {
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
