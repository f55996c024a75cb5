import type { Hash } from 'node:crypto';
import { createHash, hash as hashAtOnce } from 'node:crypto';
import type { Element } from '../model/list.ts';

/** Puts together elements that arrive in pieces. */
export type Pieces = {
  /** The fingerprint of an element's bytes, in a buffer that holds another one at the next call. */
  fingerprintOf: (chunk: Buffer, start?: number, end?: number) => Buffer;
  /** A piece of an element that goes on in the next chunk. */
  add: (piece: Buffer) => void;
  /** The last piece, or the only one; with the fingerprint of the whole where it is known already. */
  finish: (piece: Buffer, depth: number, fingerprint?: Buffer | null) => Element;
};

const SMALLEST_ROOM = 64 * 1024;
const FINGERPRINT_BYTES = 32;
/** Up to this size an element is hashed by one call, with a copy; a hash object of its own costs twice that. */
const AT_ONCE = 64 * 1024;
/** What is kept for the next element; room that one large element needed is given back. */
const LARGEST_ROOM_KEPT = 1024 * 1024;

/** Holds one element at most, and of one larger than `maxItemBytes` only its hash. */
export function createPieces({ salt, maxItemBytes }: { salt: string; maxItemBytes: number }): Pieces {
  const prefix = Buffer.from(`${salt}\n`);
  let room = Buffer.allocUnsafe(0);
  let size = 0;
  let hash: Hash | null = null;

  const scratch = Buffer.alloc(prefix.length + AT_ONCE);
  prefix.copy(scratch);
  const digest = Buffer.alloc(FINGERPRINT_BYTES);

  const startHash = (): Hash => createHash('sha256').update(prefix);

  // Copied into one growing room instead of kept as a list of views: a server that sends single bytes would make each
  // of them an object of a hundred.
  function keep(piece: Buffer): void {
    const needed = size + piece.length;
    if (needed > room.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * room.length, maxItemBytes), SMALLEST_ROOM));
      room.copy(larger, 0, 0, size);
      room = larger;
    }
    piece.copy(room, size);
  }

  function add(piece: Buffer): void {
    if (hash === null && size + piece.length > maxItemBytes) {
      hash = startHash().update(room.subarray(0, size));
      room = Buffer.allocUnsafe(0);
    }
    if (hash === null) keep(piece);
    else hash.update(piece);
    size += piece.length;
  }

  // As text and not as a buffer, which would be an allocation outside the heap for every element of every list.
  function fingerprintOf(chunk: Buffer, start = 0, end = chunk.length): Buffer {
    if (end - start > AT_ONCE) {
      startHash().update(chunk.subarray(start, end)).digest().copy(digest);
    } else {
      const length = prefix.length + chunk.copy(scratch, prefix.length, start, end);
      digest.write(hashAtOnce('sha256', scratch.subarray(0, length), 'binary'), 'latin1');
    }
    return digest;
  }

  function finish(piece: Buffer, depth: number, known: Buffer | null = null): Element {
    if (size === 0 && piece.length <= maxItemBytes) {
      const fingerprint = Buffer.from(known ?? fingerprintOf(piece));
      return { fingerprint, bytes: piece, size: piece.length, depth };
    }
    add(piece);
    const bytes = hash === null ? Buffer.from(room.subarray(0, size)) : null;
    const fingerprint = hash?.digest() ?? Buffer.from(fingerprintOf(room, 0, size));
    const element = { fingerprint, bytes, size, depth };
    size = 0;
    hash = null;
    if (room.length > LARGEST_ROOM_KEPT) room = Buffer.allocUnsafe(0);
    return element;
  }

  return { fingerprintOf, add, finish };
}
