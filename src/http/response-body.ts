import { pipeline, type Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { BodyTimer } from './body-timer.ts';
import { idleTimeoutError, invalidResponseError, requestError, slowResponseError } from './errors.ts';
import type { RequestInfo } from './request.ts';

/** A response with a body that is still arriving. */
export type StreamedResponse = {
  status: number;
  etag: string | null;
  /** The server's clock minus ours in milliseconds, to about a second; null without a date. */
  clockAheadMs: number | null;
  /** Decompressed; can be read once. Throws `TIMEOUT`, `NETWORK`, or the error of the abort. */
  body: AsyncIterable<Buffer>;
  /** Closes the connection if the body was not read to its end. */
  discard: () => void;
};

type BodyContext = { request: RequestInfo; signal: AbortSignal; timeoutSeconds: number };

/** Size of decompressed chunks: with 64 KB, the size that sockets deliver, reading took a sixth longer. */
const CHUNK_BYTES = 256 * 1024;
/** Without these yields, Node served other connections only once in 2 MB, and each answer of Postgres waited 8 ms. */
const YIELD_EVERY_BYTES = 512 * 1024;
/** Enough for any token or error message. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** Prepares a body for reading. Its time limits (body-timer.ts) run only while the reader waits for the next chunk. */
export function receiveBody(
  raw: Readable,
  encoding: string,
  context: BodyContext,
): Pick<StreamedResponse, 'body' | 'discard'> {
  const { request, timeoutSeconds } = context;
  const stream = decompress(raw, encoding, request);
  // No-op error listener: if the stream fails before the body is read, Node would crash. The reader still gets the
  // error from the iterator.
  stream.on('error', () => {});
  const timer = new BodyTimer({
    timeoutSeconds,
    onIdle: () => stream.destroy(idleTimeoutError(request, timeoutSeconds)),
    onSlow: (seconds, bytes) => stream.destroy(slowResponseError(request, { seconds, bytes })),
  });
  // Compressed bytes count as activity even if gunzip cannot output a chunk yet. The listener must come after the
  // pipeline: it starts the flow of `raw`, and bytes would be lost.
  const isCompressed = stream !== raw;
  if (isCompressed) raw.on('data', (chunk: Buffer) => timer.count(chunk.length));
  const onChunk = (bytes: number) => {
    if (!isCompressed) timer.count(bytes);
  };
  return { body: readChunks(stream, { timer, onChunk }, context), discard: () => stream.destroy() };
}

// Not done by axios, because it accepts truncated gzip data as complete.
function decompress(raw: Readable, encoding: string, request: RequestInfo): Readable {
  if (encoding === '' || encoding === 'identity') return raw;
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    return pipeline(raw, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
  }
  // Thrown when the body is read, because the error for an unwanted status takes precedence.
  return raw.destroy(invalidResponseError(request, 'HTTP', 'is compressed in a way that was not asked for'));
}

async function* readChunks(
  stream: Readable,
  { timer, onChunk }: { timer: BodyTimer; onChunk: (bytes: number) => void },
  context: BodyContext,
): AsyncGenerator<Buffer> {
  let bytesSinceYield = 0;
  try {
    timer.start();
    for await (const chunk of stream) {
      timer.stop();
      onChunk(chunk.length);
      if (Buffer.isBuffer(chunk)) yield chunk;
      bytesSinceYield += chunk.length;
      if (bytesSinceYield >= YIELD_EVERY_BYTES) {
        await setImmediate();
        bytesSinceYield = 0;
      }
      timer.start();
    }
    // If a stream is destroyed before the loop starts, the loop may end without an error.
    if (!stream.readableEnded) throw Object.assign(new Error('closed early'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  } catch (error) {
    throw requestError(context.request, error, context.signal);
  } finally {
    timer.stop();
  }
}

/** Reads a short body; stops after a megabyte. */
export async function readText({ body }: StreamedResponse): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_TEXT_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}
