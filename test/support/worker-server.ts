import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import { type ServerOptions, startServer } from '../../src/worker/server.ts';

export const ACCOUNT = 'P12345678';
export const WITHOUT_SECRET = 'P12345679';
export const SECRET = 'the-secret-of-a-subscription';
export const DELIVERY = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

export type Answer = { status: number; type: string | undefined; body: string };

type Asked = { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer };

/** Signs of the server's inside: a stack trace, or the framework's words. */
const INSIDE = /(?:^|\\n) +at [^\n]+:\d+:\d+|\.[jt]s:\d|node_modules|FST_|fastify|statusCode/im;

/** A test's own server. All its parts work, except those given. It records requested runs and the log. */
export async function startTestServer(parts: Partial<ServerOptions> = {}) {
  const requestedRuns: [accountId: string, deliveryId: string][] = [];
  const lines: string[] = [];
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
    checkReadiness: async () => [{ name: 'database', ok: true, message: 'reachable' }],
    metrics: { render: async () => ({ contentType: 'text/plain', body: '' }) },
    ...parts,
    webhook: {
      secretFor: (accountId) => (accountId === ACCOUNT ? SECRET : null),
      requestRun: async (accountId, deliveryId) => void requestedRuns.push([accountId, deliveryId]),
      ...parts.webhook,
    },
  });
  return {
    url: server.url,
    port: Number(new URL(server.url).port),
    requestedRuns,
    log: () => lines.join(''),
    messages: () => lines.map((line): unknown => JSON.parse(line).msg),
    close: server.close,
    ask: (path: string, asked?: Asked) => ask(server.url, path, asked),
    /** A delivery as Dintero sends it, apart from the headers that are given; undefined leaves one out. */
    deliver: (
      body: string | Buffer,
      { account = ACCOUNT, ...headers }: OutgoingHttpHeaders & { account?: string } = {},
    ) =>
      ask(server.url, `/hooks/dintero/${account}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          event: 'cdd_case_update',
          'event-delivery': DELIVERY,
          'event-signature': sign(body),
          ...headers,
        },
        body,
      }),
    [Symbol.asyncDispose]: server.close,
  };
}

export function sign(body: string | Buffer, secret = SECRET): string {
  return createHmac('sha1', secret).update(body).digest('hex');
}

/** Requests a path, unchanged, on a connection of its own. Throws if the answer shows the inside of the server. */
async function ask(url: string, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const outgoing = request({ hostname, port, path, method, headers: given, agent: false });
  // A server that refuses a body may hang up before it has read all of it.
  outgoing.on('error', () => {});
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  const answer = { status: response.statusCode, type: response.headers['content-type'], body: await text(response) };
  if (INSIDE.test([...response.rawHeaders, answer.body].join('\n')))
    throw new Error(`the answer shows the inside: ${answer.body}`);
  return answer;
}

/** Sends bytes, and returns the server's answer until it closes the connection. */
export async function sendBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const said = await text(socket);
  if (INSIDE.test(said)) throw new Error(`the answer shows the inside: ${said}`);
  return said;
}
