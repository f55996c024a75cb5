import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Fault } from './faults.ts';

export type ResponseParts = {
  headers: Record<string, string>;
  /** The body; one piece per item if the fault counts items. */
  pieces: Iterable<Buffer>;
  isGzipped: boolean;
  fault: Fault | null;
  /** Resumes a stalled response when aborted. */
  resume: AbortSignal;
};

/** Writes a response with status 200, at the client's pace. Resolves when it is written, or the client disconnects. */
export async function writeResponse(response: ServerResponse, parts: ResponseParts): Promise<void> {
  const { fault, headers, pieces, isGzipped } = parts;
  if (fault?.kind === 'stall' || fault?.kind === 'cutOff' || fault?.kind === 'truncated') {
    response.writeHead(200, headers);
    return writeInterrupted(response, fault, parts);
  }
  if (fault?.kind === 'drip') return writeSlowly(response, fault, parts);
  if (fault?.kind === 'earlyHints') response.writeEarlyHints({ link: '</>; rel=preconnect' });
  // Level 1, because in benchmarks compression must not dominate.
  const compression = isGzipped ? [createGzip({ level: 1 })] : [];
  response.writeHead(200, {
    ...headers,
    ...(isGzipped && { 'content-encoding': 'gzip' }),
    ...(fault?.kind === 'headers' && fault.headers),
  });
  const source = Readable.from(fault?.kind === 'brokenJson' ? withSyntaxError(pieces) : pieces);
  // Clients may disconnect in the middle of a list; that is no error of the sandbox.
  await pipeline([source, ...compression, response]).catch(() => response.destroy());
}

type Interruption = Extract<Fault, { kind: 'stall' | 'cutOff' | 'truncated' }>;

/** Writes uncompressed and piece by piece, so that the client has received exactly the bytes before the interruption. */
async function writeInterrupted(response: ServerResponse, fault: Interruption, parts: ResponseParts): Promise<void> {
  response.flushHeaders();
  let bytesLeft = fault.afterBytes ?? Number.POSITIVE_INFINITY;
  let itemsLeft = fault.afterBytes === undefined ? (fault.afterItems ?? 0) : Number.POSITIVE_INFINITY;
  let isInterrupted = false;
  for (const piece of parts.pieces) {
    const end = itemsLeft === 0 ? Math.floor(piece.length / 2) : bytesLeft;
    itemsLeft -= 1;
    bytesLeft -= piece.length;
    if (isInterrupted || end >= piece.length) {
      await write(response, piece);
      continue;
    }
    isInterrupted = true;
    await write(response, piece.subarray(0, end));
    if (fault.kind !== 'stall') break;
    await Promise.race([once(parts.resume, 'abort'), once(response, 'close')]);
    await write(response, piece.subarray(end));
  }
  if (fault.kind === 'cutOff') response.destroy();
  else response.end();
}

/** Writes byte by byte, uncompressed, until all is written or the client is gone. */
async function writeSlowly(
  response: ServerResponse,
  { seconds, part }: Extract<Fault, { kind: 'drip' }>,
  { headers, pieces }: ResponseParts,
): Promise<void> {
  const { socket } = response;
  if (part === 'body') response.writeHead(200, headers).flushHeaders();
  else socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
  for (const byte of part === 'body' ? Buffer.concat([...pieces]) : endlessly(0x79)) {
    await delay(seconds * 1000);
    if (response.destroyed || !socket?.writable) return;
    if (part === 'body') await write(response, Buffer.of(byte));
    else socket.write(Buffer.of(byte));
  }
  response.end();
}

function* endlessly(byte: number): Generator<number> {
  for (;;) yield byte;
}

function withSyntaxError(pieces: Iterable<Buffer>): Iterable<Buffer> {
  const error = Buffer.from(',{"id":,}');
  return Iterator.from(pieces).flatMap((piece, index) => (index === 0 ? [piece, error] : [piece]));
}

/** Resolves when the bytes have left the process, or the client is gone. */
function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(bytes, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}
