import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Fault } from './faults.ts';

export type Answer = {
  headers: Record<string, string>;
  /** The body; for a list one piece per item when a fault counts items. */
  pieces: Iterable<Buffer>;
  isGzipped: boolean;
  fault: Fault | null;
  /** Ends a stall. */
  released: AbortSignal;
};

/** Writes an answer with status 200, at the pace of the client. Resolves when it is written, or the client has left. */
export async function writeAnswer(response: ServerResponse, answer: Answer): Promise<void> {
  const { fault, headers, pieces } = answer;
  if (fault?.kind === 'stall' || fault?.kind === 'cutOff' || fault?.kind === 'truncated') {
    response.writeHead(200, headers);
    return writeInterrupted(response, { pieces, fault, released: answer.released });
  }
  // Level 1: the sandbox must not be what a benchmark measures.
  const compression = answer.isGzipped ? [createGzip({ level: 1 })] : [];
  response.writeHead(200, { ...headers, ...(answer.isGzipped && { 'content-encoding': 'gzip' }) });
  const source = Readable.from(fault?.kind === 'brokenJson' ? withNonsense(pieces) : pieces);
  // A client that leaves in the middle of a list is nobody's mistake.
  await pipeline([source, ...compression, response]).catch(() => response.destroy());
}

type Interruption = Extract<Fault, { kind: 'stall' | 'cutOff' | 'truncated' }>;

/** Uncompressed, and piece by piece, so that the client has received exactly what came before the interruption. */
async function writeInterrupted(
  response: ServerResponse,
  { pieces, fault, released }: { pieces: Iterable<Buffer>; fault: Interruption; released: AbortSignal },
): Promise<void> {
  response.flushHeaders();
  let left = fault.afterBytes ?? Number.POSITIVE_INFINITY;
  let items = fault.afterBytes === undefined ? (fault.afterItems ?? 0) : Number.POSITIVE_INFINITY;
  let isInterrupted = false;
  for (const piece of pieces) {
    const end = items === 0 ? Math.floor(piece.length / 2) : left;
    items -= 1;
    left -= piece.length;
    if (isInterrupted || end >= piece.length) {
      await written(response, piece);
      continue;
    }
    isInterrupted = true;
    await written(response, piece.subarray(0, end));
    if (fault.kind !== 'stall') break;
    await stalled(response, released);
    await written(response, piece.subarray(end));
  }
  if (fault.kind === 'cutOff') response.destroy();
  else response.end();
}

function* withNonsense(pieces: Iterable<Buffer>): Generator<Buffer> {
  let isFirst = true;
  for (const piece of pieces) {
    yield piece;
    if (isFirst) yield Buffer.from(',{"id":,}');
    isFirst = false;
  }
}

/** Resolves when the bytes have left the process, or the client is gone. */
function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write(bytes, () => {
      response.off('close', resolve);
      resolve();
    });
  });
}

function stalled(response: ServerResponse, released: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    released.addEventListener('abort', () => resolve(), { once: true });
  });
}
