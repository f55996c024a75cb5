// The API of the benchmark, in a process of its own: tokens, and lists from files.
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

export const orders = z.object({
  /** Delay of every answer. */
  delayMs: z.number(),
  /** By account. */
  lists: z.record(z.string(), z.object({ path: z.string(), gzip: z.boolean(), etag: z.string().nullable() })),
});

const PIECE_BYTES = 1024 * 1024;
const ACCOUNT = /^\/v1\/accounts\/([PT]\d{8})\/(auth\/token|management\/settings\/cdd\/cases)$/;

let current: z.infer<typeof orders> = { delayMs: 0, lists: {} };

function answerToken(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ access_token: 'opens-nothing', token_type: 'Bearer', expires_in: 14_400 }));
}

async function answerList(account: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
  await send(list.path, response);
}

/**
 * Two buffers take turns: one is filled while the other is being sent. With a new buffer for each chunk the API took
 * more of the two cores, which it shares with the worker and Postgres.
 */
async function send(path: string, response: ServerResponse): Promise<void> {
  await using file = await open(path);
  const { size } = await file.stat();
  let [piece, sending] = [
    Buffer.allocUnsafe(Math.min(size, PIECE_BYTES)),
    Buffer.allocUnsafe(Math.min(size, PIECE_BYTES)),
  ];
  let sent = Promise.resolve();
  for (let position = 0; position < size && !response.destroyed; ) {
    const { bytesRead } = await file.read(piece, 0, piece.length, position);
    position += bytesRead;
    await sent;
    sent = written(response, piece.subarray(0, bytesRead));
    [piece, sending] = [sending, piece];
  }
  await sent;
  response.end();
}

/** Also resolves if the client has gone; the response then has the error. */
function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}

const server = createServer(async (request, response) => {
  const [, account = '', what] = ACCOUNT.exec(request.url ?? '') ?? [];
  request.resume();
  if (current.delayMs > 0) await delay(current.delayMs);
  if (what === 'auth/token') answerToken(response);
  else await answerList(account, request, response);
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
