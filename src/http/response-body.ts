import { pipeline, type Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { collectBuffers } from './collect-buffers.ts';
import { type Asked, failed, stalled, unusable } from './errors.ts';

/** An answer whose body is still on its way. */
export type Answer = {
  status: number;
  etag: string | null;
  /** Decompressed; to be read once. Raises `TIMEOUT`, `NETWORK`, or what the request was aborted with. */
  body: AsyncIterable<Buffer>;
  /** Lets go of the connection when the body is not read to its end. */
  discard: () => void;
};

type Receiving = { asked: Asked; signal: AbortSignal; timeoutSeconds: number };

/** So many decompressed bytes at once: with 64 KB, which is what connections give, it took a sixth longer. */
const CHUNK_BYTES = 256 * 1024;
const COLLECT_EVERY_BYTES = 8 * 1024 * 1024;
/** Reading a list, Node looks after other connections every two megabytes: each answer of Postgres waited 8 ms for it. */
const TURN_EVERY_BYTES = 512 * 1024;
/** Enough for any token or error; the rest of a longer body is not read. */
const LONGEST_TEXT = 1024 * 1024;

/** Begins to receive a body. Time runs against it only while somebody waits for it, not while they work on it. */
export function receive(raw: Readable, encoding: string, receiving: Receiving): Pick<Answer, 'body' | 'discard'> {
  const { asked, timeoutSeconds } = receiving;
  const stream = decompressed(raw, encoding, asked);
  // Whoever reads meets the error; while nobody does, it must not end the process.
  stream.on('error', () => {});
  const idle = createIdleTimer(timeoutSeconds * 1000, () => stream.destroy(stalled(asked, timeoutSeconds)));
  // Bytes are bytes before they are enough for gunzip to give some. Only after the pipeline was built, because bytes
  // flow away as soon as somebody listens.
  if (stream !== raw) raw.on('data', idle.received);
  return { body: chunksOf(stream, idle, receiving), discard: () => stream.destroy() };
}

// Not left to axios, which takes compressed data that end too early for complete.
function decompressed(raw: Readable, encoding: string, asked: Asked): Readable {
  if (encoding === '' || encoding === 'identity') return raw;
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    return pipeline(raw, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
  }
  // Told to who reads the body, for it matters less than a status that is no success.
  return raw.destroy(unusable(asked, 'HTTP', 'is compressed in a way that was not asked for'));
}

async function* chunksOf(stream: Readable, idle: IdleTimer, { asked, signal }: Receiving): AsyncGenerator<Buffer> {
  let uncollected = 0;
  let unturned = 0;
  try {
    idle.wait();
    for await (const chunk of stream) {
      idle.stop();
      if (Buffer.isBuffer(chunk)) yield chunk;
      uncollected += chunk.length;
      if (uncollected >= COLLECT_EVERY_BYTES) {
        collectBuffers();
        uncollected = 0;
      }
      unturned += chunk.length;
      if (unturned >= TURN_EVERY_BYTES) {
        await setImmediate();
        unturned = 0;
      }
      idle.wait();
    }
    // A stream that was destroyed before anybody read it may look as if it had come to its end.
    if (!stream.readableEnded) throw Object.assign(new Error('closed early'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  } catch (error) {
    throw failed(asked, error, signal);
  } finally {
    idle.stop();
  }
}

type IdleTimer = { wait: () => void; received: () => void; stop: () => void };

function createIdleTimer(milliseconds: number, onIdle: () => void): IdleTimer {
  let timer: NodeJS.Timeout | null = null;
  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }
  function wait(): void {
    stop();
    timer = setTimeout(onIdle, milliseconds);
  }
  function received(): void {
    if (timer !== null) wait();
  }
  return { wait, received, stop };
}

/** Reads a body that is not a list. */
export async function readText({ body }: Answer): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LONGEST_TEXT) break;
  }
  return Buffer.concat(chunks).toString();
}
