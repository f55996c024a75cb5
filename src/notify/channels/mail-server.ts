// The connection to a mail server: settings, sign-in, and the words of its errors.
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailChannel } from '../../config/notify.ts';
import { ChannelError, codeOf, connectionError } from './failure.ts';

const TIMEOUT_MS = 15_000;
/** Of all answers together: a server that sends a byte now and then would keep check and the messages of other channels waiting. */
export const DEADLINE_MS = 60_000;

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

/** User and password, if the channel has them. */
export function authOf({ user, password }: EmailChannel) {
  return user === undefined ? {} : { auth: { user, pass: password ?? '' } };
}

/** Host, encryption and time limits. */
export function optionsOf({ host, port, security }: EmailChannel) {
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
export function emailError({ host, port, security }: EmailChannel, error: unknown): ChannelError {
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

/** The code of the server's answer; null = there was none. */
export function responseCode(error: unknown): number | null {
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'responseCode') : null;
  return typeof status === 'number' ? status : null;
}

/** Whether an answer means "not now". */
export function isTemporary(status: number | null): boolean {
  return status !== null && status >= 400 && status < 500;
}
