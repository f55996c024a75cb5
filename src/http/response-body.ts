import { pipeline, type Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { idleTimeoutError, invalidResponseError, requestError } from './errors.ts';
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

/** Prepares a body for reading. The idle timeout runs only while the reader waits for the next chunk. */
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
  const idle = new IdleTimer(timeoutSeconds * 1000, () => stream.destroy(idleTimeoutError(request, timeoutSeconds)));
  // Compressed bytes count as activity even if gunzip cannot output a chunk yet. The listener must come after the
  // pipeline: it starts the flow of `raw`, and bytes would be lost.
  if (stream !== raw) raw.on('data', () => idle.restart());
  return { body: readChunks(stream, idle, context), discard: () => stream.destroy() };
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

async function* readChunks(stream: Readable, idle: IdleTimer, context: BodyContext): AsyncGenerator<Buffer> {
  let bytesSinceYield = 0;
  try {
    idle.start();
    for await (const chunk of stream) {
      idle.stop();
      if (Buffer.isBuffer(chunk)) yield chunk;
      bytesSinceYield += chunk.length;
      if (bytesSinceYield >= YIELD_EVERY_BYTES) {
        await setImmediate();
        bytesSinceYield = 0;
      }
      idle.start();
    }
    // If a stream is destroyed before the loop starts, the loop may end without an error.
    if (!stream.readableEnded) throw Object.assign(new Error('closed early'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  } catch (error) {
    throw requestError(context.request, error, context.signal);
  } finally {
    idle.stop();
  }
}

class IdleTimer {
  readonly #milliseconds: number;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(milliseconds: number, onIdle: () => void) {
    this.#milliseconds = milliseconds;
    this.#onIdle = onIdle;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(this.#onIdle, this.#milliseconds);
  }

  /** Starts again, but only if the timer is running. */
  restart(): void {
    if (this.#timer !== null) this.start();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
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
