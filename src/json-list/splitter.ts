import type { Element } from '../model/list.ts';
import { SyncError } from '../model/sync-error.ts';
import { BoundaryPrediction } from './boundary-prediction.ts';
import { ElementBuffer } from './element-buffer.ts';
import { Fingerprints } from './fingerprints.ts';
import { describeStart, notJsonError } from './not-json.ts';
import { beginScan, beginsElement, isSpace, type Scan, scanOn } from './scanner.ts';

type Expected = 'array' | 'first element' | 'comma' | 'element' | 'nothing';

/** The predicted end of an element, and the fingerprint of the bytes before it. */
type Prediction = { end: number; fingerprint: Buffer };

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export type SplitterOptions = {
  /** Part of every fingerprint. */
  salt: string;
  /** A larger element is only hashed; it is yielded without bytes. */
  maxItemBytes: number;
  /** Whether an earlier element, a JSON object, had this fingerprint. The buffer is overwritten later. */
  isKnown?: (fingerprint: Buffer) => boolean;
};

/**
 * Splits one JSON array, in chunks of any size, into its elements. Checks only the bytes between elements: the parser
 * checks the inside, and most elements are unchanged and never parsed. Messages of errors are clauses about "the
 * answer", which the caller completes; they quote nothing of it.
 *
 * Known elements are hashed and not scanned. If the bytes up to the predicted end have a known fingerprint, they are a
 * complete JSON object, and no JSON object is a prefix of another one.
 */
export class ListSplitter {
  readonly #isKnown: (fingerprint: Buffer) => boolean;
  readonly #maxItemBytes: number;
  readonly #fingerprints: Fingerprints;
  readonly #buffer: ElementBuffer;
  readonly #boundaries = new BoundaryPrediction();
  #expected: Expected = 'array';
  /** State of the element that is being scanned; null between elements. */
  #scan: Scan | null = null;
  #byteOrderMarkBytes = 0;

  constructor({ salt, maxItemBytes, isKnown = () => false }: SplitterOptions) {
    this.#isKnown = isKnown;
    this.#maxItemBytes = maxItemBytes;
    this.#fingerprints = new Fingerprints(salt);
    this.#buffer = new ElementBuffer(this.#fingerprints, maxItemBytes);
  }

  /**
   * Yields the elements that end in this chunk. The next element overwrites the buffers of the one before.
   * @throws SyncError NOT_JSON, after the elements that came before; the splitter must not be used again then.
   */
  *split(chunk: Buffer): Generator<Element, void> {
    let at = 0;
    let lastEnd = 0;
    let prediction: Prediction | null = null;
    while (at < chunk.length) {
      const start = at;
      if (this.#scan === null) {
        const byte = chunk.readUInt8(start);
        if (!this.#beginsElement(byte)) {
          at += 1;
          continue;
        }
        this.#boundaries.learn(chunk, lastEnd, start);
        prediction = this.#predict(chunk, start);
        if (prediction !== null && this.#isKnown(prediction.fingerprint)) {
          at = prediction.end;
          lastEnd = at;
          yield this.#knownElement(chunk.subarray(start, at), prediction);
          continue;
        }
        this.#scan = beginScan(byte);
      }
      at = scanOn(this.#scan, chunk, start);
      lastEnd = at;
      const isRight = this.#scan.ended && prediction?.end === at;
      if (prediction !== null) this.#boundaries.count(isRight);
      const element = this.#scannedElement(
        this.#scan,
        chunk.subarray(start, at),
        isRight ? (prediction?.fingerprint ?? null) : null,
      );
      if (element !== null) yield element;
    }
  }

  /** Call at the end of the input. Throws TRUNCATED if the list was cut off, before the array's closing bracket. */
  end(): void {
    if (this.#expected === 'nothing') return;
    const where = this.#expected === 'array' ? 'before the array began' : 'before its closing bracket';
    throw new SyncError('TRUNCATED', `ends early, ${where}`);
  }

  #predict(chunk: Buffer, start: number): Prediction | null {
    const end = this.#boundaries.endOf(chunk, start);
    if (end === -1 || end - start > this.#maxItemBytes) return null;
    return { end, fingerprint: this.#fingerprints.of(chunk.subarray(start, end)) };
  }

  #knownElement(bytes: Buffer, { fingerprint }: Prediction): Element {
    this.#boundaries.count(true);
    this.#expected = 'comma';
    return { fingerprint, bytes, size: bytes.length, depth: 0 };
  }

  /** The element that ends with this piece; null if it continues in the next chunk. */
  #scannedElement(scan: Scan, piece: Buffer, fingerprint: Buffer | null): Element | null {
    if (!scan.ended) {
      this.#buffer.add(piece);
      return null;
    }
    this.#scan = null;
    this.#expected = 'comma';
    return this.#buffer.finish(piece, scan.depth, fingerprint);
  }

  /** Takes a byte between elements; true when an element begins with it. */
  #beginsElement(byte: number): boolean {
    if (this.#expected === 'array') {
      this.#beforeArray(byte);
      return false;
    }
    if (isSpace(byte)) return false;
    if (this.#expected === 'nothing') throw notJsonError('goes on after its closing bracket');
    if (this.#expected === 'comma') {
      if (byte !== COMMA && byte !== CLOSE_ARRAY) throw notJsonError('lacks a comma between two elements');
      this.#expected = byte === COMMA ? 'element' : 'nothing';
      return false;
    }
    if (byte === CLOSE_ARRAY && this.#expected === 'first element') {
      this.#expected = 'nothing';
      return false;
    }
    if (!beginsElement(byte)) throw notJsonError('has something that is no JSON where an element belongs');
    return true;
  }

  /** Takes a byte before the array: an opening bracket, space, or a byte order mark at the very beginning. */
  #beforeArray(byte: number): void {
    if (byte === BYTE_ORDER_MARK[this.#byteOrderMarkBytes]) this.#byteOrderMarkBytes += 1;
    else if (this.#byteOrderMarkBytes > 0 && this.#byteOrderMarkBytes < BYTE_ORDER_MARK.length) {
      throw notJsonError('begins with bytes that are no text');
    } else if (byte === OPEN_ARRAY) this.#expected = 'first element';
    else if (!isSpace(byte)) throw notJsonError(describeStart(byte));
    else this.#byteOrderMarkBytes = BYTE_ORDER_MARK.length;
  }
}
