/** A message that a channel did not take. The text has the remedy, but no address of Slack and no secret. */
export class ChannelError extends Error {
  /** Whether it stays like this until a person does something. */
  readonly isPermanent: boolean;
  /** Milliseconds until the receiver wants to be asked again; null = it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    { isPermanent, retryAfterMs = null }: { isPermanent: boolean; retryAfterMs?: number | null },
  ) {
    super(message);
    this.name = 'ChannelError';
    this.isPermanent = isPermanent;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The code of a network error, of TLS or of a time limit; empty if it has none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  // nodemailer has a code of its own for all errors of sockets.
  const code: unknown = Reflect.get(error, 'originalCode') ?? Reflect.get(error, 'code');
  if (typeof code === 'string') return code;
  if (Reflect.get(error, 'name') === 'TimeoutError') return 'ETIMEDOUT';
  return codeOf(Reflect.get(error, 'cause'));
}

const ADVICE: Record<string, string> = {
  ENOTFOUND: 'there is no host of this name: correct the address, or the DNS of this machine',
  EAI_AGAIN: "name resolution gives no answer: check this machine's DNS and network",
  ECONNREFUSED: 'nothing listens there: check host and port',
  ECONNRESET: 'the connection was closed before the answer',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: "this machine has no route to it: check this machine's network and firewall",
  ENETUNREACH: "this machine has no route to it: check this machine's network and firewall",
};

/** `fetch` refuses ports of other protocols, such as 25 and 6000, and has no code for that. */
function isRefusedPort(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
}

/** A connection that failed. Its own message may have the address, which can be a secret. */
export function connectionError(host: string, error: unknown): ChannelError {
  if (isRefusedPort(error)) {
    return new ChannelError(`${host} is not asked: HTTP clients refuse this port. Use another.`, { isPermanent: true });
  }
  const code = codeOf(error);
  const isTls = /^(CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_|ERR_SSL_|EPROTO)/.test(code);
  const tls = 'its certificate or TLS was not accepted: check the address, or set NODE_EXTRA_CA_CERTS';
  const advice = isTls ? tls : (ADVICE[code] ?? 'the connection failed');
  return new ChannelError(`${host} cannot be reached: ${advice}${code === '' ? '' : ` (${code})`}.`, {
    isPermanent: false,
  });
}
