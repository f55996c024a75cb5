// The API of the benchmark, as a process of its own: tokens, and lists that lie ready in files.
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

export const orders = z.object({
  /** What every answer waits for before it begins. */
  delayMs: z.number(),
  /** By account. */
  lists: z.record(z.string(), z.object({ path: z.string(), gzip: z.boolean(), etag: z.string().nullable() })),
});

const ACCOUNT = /^\/v1\/accounts\/([PT]\d{8})\/(auth\/token|management\/settings\/cdd\/cases)$/;

let current: z.infer<typeof orders> = { delayMs: 0, lists: {} };

function answerToken(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ access_token: 'opens-nothing', token_type: 'Bearer', expires_in: 14_400 }));
}

function answerList(account: string, request: IncomingMessage, response: ServerResponse): void {
  const list = current.lists[account];
  if (list === undefined) {
    response.writeHead(404).end();
    return;
  }
  const etag = list.etag === null ? {} : { etag: list.etag };
  if (list.etag !== null && request.headers['if-none-match'] === list.etag) {
    response.writeHead(304, etag).end();
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(list.gzip && { 'content-encoding': 'gzip' }),
    ...etag,
  });
  createReadStream(list.path, { highWaterMark: 1024 * 1024 }).pipe(response);
}

const server = createServer(async (request, response) => {
  const [, account = '', what] = ACCOUNT.exec(request.url ?? '') ?? [];
  request.resume();
  if (current.delayMs > 0) await delay(current.delayMs);
  if (what === 'auth/token') answerToken(response);
  else answerList(account, request, response);
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('message', (message) => {
  current = orders.parse(message);
  process.send?.({ done: true });
});
process.on('disconnect', () => process.exit());
