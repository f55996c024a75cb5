import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

export type Received = { path: string; headers: IncomingHttpHeaders; body: string };

/** How a receiver answers: a status, headers, a body; or it breaks the connection after it has read the request. */
export type Answer = { status?: number; headers?: Record<string, string>; body?: string; breaks?: boolean };

/** An HTTP server that keeps what it gets. */
export async function startReceiver(answerOf: (received: Received, number: number) => Answer = () => ({})) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const one = { path: request.url ?? '', headers: request.headers, body };
    if (request.method === 'POST') received.push(one);
    const { status = 200, headers = {}, body: text = 'ok', breaks = false } = answerOf(one, received.length);
    if (breaks) request.socket.destroy();
    else response.writeHead(status, headers).end(text);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = address(server.address());
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}/hook/s3cret`, received, close, listen: () => listen(port) };
}

type MailServerOptions = {
  /** PEM; with them the server offers STARTTLS. */
  tls?: { key: string; cert: string };
  credentials?: { user: string; password: string };
  /** Recipients that are refused. */
  refused?: readonly string[];
  /** Recipients that are refused for now, as by greylisting. */
  deferred?: readonly string[];
  /** The code of an answer to every sign-in; 235 = as the credentials are. */
  signInCode?: number;
  /** The code of an answer to every sender; 250 takes it. */
  code?: number;
};

/** An SMTP server that keeps what it gets. */
export async function startMailServer({
  tls,
  credentials,
  refused = [],
  deferred = [],
  signInCode = 235,
  code = 250,
}: MailServerOptions = {}) {
  const mails: { recipients: string[]; isSecure: boolean; text: string }[] = [];
  const server = new SMTPServer({
    ...tls,
    disabledCommands: [...(tls === undefined ? ['STARTTLS'] : []), ...(credentials === undefined ? ['AUTH'] : [])],
    authOptional: credentials === undefined,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      const isRight = username === credentials?.user && password === credentials?.password;
      if (signInCode !== 235) callback(Object.assign(new Error('not now'), { responseCode: signInCode }));
      else if (isRight) callback(null, { user: username });
      else callback(Object.assign(new Error('wrong'), { responseCode: 535 }));
    },
    onMailFrom(_address, _session, callback) {
      if (code === 250) callback();
      else callback(Object.assign(new Error('refused'), { responseCode: code }));
    },
    onRcptTo({ address: recipient }, _session, callback) {
      const isDeferred = deferred.includes(recipient);
      if (!isDeferred && !refused.includes(recipient)) callback();
      else callback(Object.assign(new Error('refused'), { responseCode: isDeferred ? 450 : 550 }));
    },
    onData(stream, session, callback) {
      let text = '';
      stream.on('data', (part: Buffer) => {
        text += part;
      });
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map((recipient) => recipient.address);
        mails.push({ recipients, isSecure: session.secure, text });
        callback();
      });
    },
  });
  // A client that refuses the certificate is an error of the server, too.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = address(server.server.address());
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  return { port, mails, close };
}

function address(found: AddressInfo | string | null): AddressInfo {
  if (found === null || typeof found === 'string') throw new Error('the server has no port');
  return found;
}
