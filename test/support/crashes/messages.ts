// Postgres' protocol, as far as the proxy needs it: a message is a letter, its length in four bytes, and its content.

export type Message = { type: string; bytes: Buffer };

/** Cuts a stream into messages. A client's first message has no letter; its type is `startup`. */
export class MessageSplitter {
  #pending: Buffer = Buffer.alloc(0);
  #isStarted: boolean;

  constructor({ isClient }: { isClient: boolean }) {
    this.#isStarted = !isClient;
  }

  /** The messages that are complete with this chunk. */
  *split(chunk: Buffer): Generator<Message> {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const lengthAt = this.#isStarted ? 1 : 0;
      if (this.#pending.length < lengthAt + 4) return;
      const end = lengthAt + this.#pending.readInt32BE(lengthAt);
      if (this.#pending.length < end) return;
      const bytes = this.#pending.subarray(0, end);
      this.#pending = this.#pending.subarray(end);
      yield { type: this.#isStarted ? String.fromCharCode(bytes[0] ?? 0) : 'startup', bytes };
      this.#isStarted = true;
    }
  }
}

const IDLE_TIMEOUT = /'idle_in_transaction_session_timeout', '(\d+)s'/;

/** The idle timeout of transactions that a statement sets; null if it sets none. */
export function idleTimeoutMs(statement: string): number | null {
  const [, seconds] = IDLE_TIMEOUT.exec(statement) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** Follows the messages of a client, and knows its prepared statements. */
export class StatementReader {
  readonly #prepared = new Map<string, string>();
  #isParsed = false;
  #previous = '';

  /**
   * The text of the statement that begins with this message; null if none does. The end of a transaction has the text of
   * the statement before it too.
   */
  textOf(message: Message): string | null {
    const text = this.#ownTextOf(message);
    if (text === null) return null;
    const isEnd = /^(commit|rollback)$/i.test(text);
    const previous = this.#previous;
    this.#previous = text;
    return isEnd ? `${text} after ${previous}` : text;
  }

  #ownTextOf({ type, bytes }: Message): string | null {
    if (type === 'Q') return stringAt(bytes, 5).text;
    if (type === 'c') return 'the end of a COPY';
    if (type === 'S') this.#isParsed = false;
    if (type === 'P') {
      const name = stringAt(bytes, 5);
      const { text } = stringAt(bytes, name.end);
      this.#prepared.set(name.text, text);
      this.#isParsed = true;
      return text;
    }
    // A statement that was prepared earlier begins with its parameters.
    if (type !== 'B' || this.#isParsed) return null;
    const portal = stringAt(bytes, 5);
    return this.#prepared.get(stringAt(bytes, portal.end).text) ?? null;
  }
}

/** Whether more messages of the same statement follow. */
export const isPart = ({ type }: Message): boolean => ['P', 'B', 'D', 'E', 'H', 'C'].includes(type);

/** Whether the server waits for the next statement. */
export const isReady = ({ type }: Message): boolean => type === 'Z';

/** Whether it waits in a transaction. */
export const isIdleInTransaction = ({ bytes }: Message): boolean => String.fromCharCode(bytes[5] ?? 0) !== 'I';

function stringAt(bytes: Buffer, start: number): { text: string; end: number } {
  const end = bytes.indexOf(0, start);
  return { text: bytes.toString('utf8', start, end), end: end + 1 };
}
