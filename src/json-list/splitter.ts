import type { Element } from '../model/list.ts';
import { SyncError } from '../model/sync-error.ts';
import { createGuess } from './boundary-prediction.ts';
import { createPieces } from './element-buffer.ts';
import { describeStart, notJson } from './not-json.ts';
import type { Scan } from './scanner.ts';
import { beginScan, beginsElement, isSpace, scanOn } from './scanner.ts';

/** Cuts one JSON array into its elements, whatever the chunks it arrives in, holding one element at most. */
export type Cutter = {
  /**
   * The elements that ended in this chunk and were not skipped. The bytes of an element that lies in it as a whole are a view, so keeping
   * one keeps the chunk: look at them, parse them or copy them before the next chunk is asked for. Who keeps some
   * anyway pays up to a chunk (64 KB, gunzip's are 256) for each in the worst case, which a batch can afford and a list cannot.
   * Raises `NOT_JSON` and must not be called again after that.
   */
  push: (chunk: Buffer) => Element[];
  /** The input is over: raises `TRUNCATED` unless the array's closing bracket was seen. */
  end: () => void;
};

type Expected = 'array' | 'first element' | 'comma' | 'element' | 'nothing';

/** Where an element was thought to end, and the fingerprint that it then has. */
type Guessed = { end: number; fingerprint: Buffer | null };

const NOTHING_GUESSED: Guessed = { end: -1, fingerprint: null };

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

type CutterOptions = {
  salt: string;
  maxItemBytes: number;
  /** Whether an object of this fingerprint was cut before. The buffer holds another one at the next call. */
  isKnown?: (fingerprint: Buffer) => boolean;
  /** Takes an element by its fingerprint alone, if that can be; asked only while none before it is still to be given. */
  skip?: (fingerprint: Buffer) => boolean;
};

/**
 * A cutter for one answer. An element's fingerprint is the SHA-256 of `salt`, a newline and its bytes; one of more than
 * `maxItemBytes` is hashed while it passes and comes without bytes. Only what separates elements is checked here, an
 * element's inside is the parser's: most elements are unchanged and never looked into. Errors are clauses about "the
 * answer", for the caller to complete; they quote nothing of it.
 *
 * Of an element that is known by its fingerprint no byte is looked at but to hash it: where it ends is guessed, and a
 * known fingerprint proves the guess. The bytes are then those of an element that was cut before, and no JSON object is
 * the beginning of another. See docs/decisions.md, 30.
 */
export function createCutter(options: CutterOptions): Cutter {
  const { maxItemBytes, isKnown = () => false, skip = () => false } = options;
  const pieces = createPieces(options);
  const guess = createGuess();
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

  /** Where what begins here probably ends, if it lies in this chunk as a whole. */
  function guessed(chunk: Buffer, start: number): Guessed {
    const end = guess.endOf(chunk, start);
    if (end === -1 || end - start > maxItemBytes) return NOTHING_GUESSED;
    return { end, fingerprint: pieces.fingerprintOf(chunk, start, end) };
  }

  /** Whether the element that begins here is known and therefore ends where it was thought to; it was taken then. */
  function takeKnown(chunk: Buffer, start: number, { end, fingerprint }: Guessed, found: Element[]): boolean {
    if (fingerprint === null) return false;
    const skipped = found.length === 0 && skip(fingerprint);
    if (!skipped && !isKnown(fingerprint)) return false;
    if (!skipped) found.push(pieces.finish(chunk.subarray(start, end), 0, fingerprint));
    guess.note(true);
    expected = 'comma';
    return true;
  }

  /** Reads on in an element and gives where it ends, or the chunk does. */
  function readOn(reading: Scan, chunk: Buffer, start: number, tried: Guessed, found: Element[]): number {
    const at = scanOn(reading, chunk, start);
    const piece = chunk.subarray(start, at);
    const wasRight = reading.ended && tried.end === at;
    if (tried.end !== -1) guess.note(wasRight);
    if (reading.ended) {
      const element = pieces.finish(piece, reading.depth, wasRight ? tried.fingerprint : null);
      if (found.length > 0 || !skip(element.fingerprint)) {
        found.push(element);
      }
      expected = 'comma';
    } else {
      pieces.add(piece);
    }
    scan = reading.ended ? null : reading;
    return at;
  }

  function push(chunk: Buffer): Element[] {
    const found: Element[] = [];
    let at = scan === null ? 0 : readOn(scan, chunk, 0, NOTHING_GUESSED, found);
    let lastEnd = at;
    while (at < chunk.length) {
      const byte = chunk.readUInt8(at);
      if (!between(byte)) {
        at += 1;
        continue;
      }
      guess.learn(chunk, lastEnd, at);
      const tried = guessed(chunk, at);
      if (takeKnown(chunk, at, tried, found)) at = tried.end;
      else at = readOn(beginScan(byte), chunk, at, tried, found);
      lastEnd = at;
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
