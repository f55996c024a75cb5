import type { Element } from '../case.ts';
import { SyncError } from '../case.ts';
import { createPieces } from './pieces.ts';
import type { Scan } from './scan.ts';
import { beginScan, beginsElement, isSpace, scanOn } from './scan.ts';

/** Cuts one JSON array into its elements, whatever the chunks it arrives in, holding one element at most. */
export type Cutter = {
  /**
   * The elements that ended in this chunk. The bytes of an element that lies in it as a whole are a view, so keeping
   * one keeps the chunk: look at them, parse them or copy them before the next chunk is asked for. Who keeps some
   * anyway pays up to a chunk (64 KB) for each in the worst case, which a batch can afford and a list cannot.
   * Raises `NOT_JSON` and must not be called again after that.
   */
  push: (chunk: Buffer) => Element[];
  /** The input is over: raises `TRUNCATED` unless the array's closing bracket was seen. */
  end: () => void;
};

type Expected = 'array' | 'first element' | 'comma' | 'element' | 'nothing';

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * A cutter for one answer. An element's fingerprint is the SHA-256 of `salt`, a newline and its bytes; one of more than
 * `maxItemBytes` is hashed while it passes and comes without bytes. Only what separates elements is checked here, an
 * element's inside is the parser's: most elements are unchanged and never looked into. Errors are clauses about "the
 * answer", for the caller to complete; they quote nothing of it.
 */
export function createCutter(options: { salt: string; maxItemBytes: number }): Cutter {
  const pieces = createPieces(options);
  let expected: Expected = 'array';
  let scan: Scan | null = null;
  let markSeen = 0;

  /** Takes a byte between elements; true when an element begins with it. */
  function between(byte: number): boolean {
    if (expected === 'array') {
      if (byte === BYTE_ORDER_MARK[markSeen]) markSeen += 1;
      else if (markSeen > 0 && markSeen < BYTE_ORDER_MARK.length) throw notJson('begins with bytes that are no text');
      else if (byte === OPEN_ARRAY) expected = 'first element';
      else if (!isSpace(byte)) throw notJson(describeStart(byte));
      else markSeen = BYTE_ORDER_MARK.length;
      return false;
    }
    if (isSpace(byte)) return false;
    if (expected === 'nothing') throw notJson('goes on after its closing bracket');
    if (expected === 'comma') {
      if (byte !== COMMA && byte !== CLOSE_ARRAY) throw notJson('lacks a comma between two elements');
      expected = byte === COMMA ? 'element' : 'nothing';
      return false;
    }
    if (byte === CLOSE_ARRAY && expected === 'first element') {
      expected = 'nothing';
      return false;
    }
    if (!beginsElement(byte)) throw notJson('has something that is no JSON where an element belongs');
    return true;
  }

  function push(chunk: Buffer): Element[] {
    const found: Element[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (scan === null) {
        const byte = chunk.readUInt8(at);
        if (between(byte)) scan = beginScan(byte);
        else at += 1;
        continue;
      }
      const start = at;
      at = scanOn(scan, chunk, start);
      const piece = chunk.subarray(start, at);
      if (scan.ended) {
        found.push(pieces.finish(piece, scan.depth));
        scan = null;
        expected = 'comma';
      } else {
        pieces.add(piece);
      }
    }
    return found;
  }

  function end(): void {
    if (expected === 'nothing') return;
    const where = expected === 'array' ? 'before the array began' : 'before its closing bracket';
    throw new SyncError('TRUNCATED', `ends early, ${where}`);
  }

  return { push, end };
}

function notJson(what: string): SyncError {
  return new SyncError('NOT_JSON', `is not one JSON array: it ${what}`);
}

function describeStart(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '<') return "begins with '<', which looks like HTML";
  if (character === '{') return "begins with '{', which looks like a single object";
  if (character === '"') return "begins with '\"', which looks like a single string";
  if (/[!-~]/.test(character)) return `begins with '${character}'`;
  return 'begins with a byte that is no text';
}
