import { writeSync } from 'node:fs';
import pino from 'pino';
import { prettyFactory } from 'pino-pretty';
import { systemErrorCode } from './model/system-error.ts';
import { visibleLine, visibleText } from './model/visible-text.ts';

export type Log = pino.Logger;

const STDERR = 2;

/** Pauses and tries for a reader that is slower than the log: half a second in all. */
const BUSY = { pauseMs: 10, tries: 50 };

let linesLost = 0;

/** How many lines of the log this process could not write. */
export function lostLogLines(): number {
  return linesLost;
}

type LogOptions = {
  level: string;
  terminal: boolean;
  colors?: boolean;
  fd?: number;
  /** Writes each line, by calling what it is given. */
  around?: (write: () => void) => void;
};

/** Creates the log on stderr: JSON lines, or readable lines on a terminal. Unsafe characters are escaped in both. */
export function createLog({
  level,
  terminal,
  colors = terminal,
  fd = STDERR,
  around = (write) => write(),
}: LogOptions): Log {
  const prettify = prettyFactory({ colorize: colors, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' });
  const writer = new LineWriter(fd, (lost, code) => {
    log.warn({ lost, code }, 'lines of the log were lost, because they could not be written');
  });
  const destination = {
    write: (line: string) => around(() => writer.write(terminal ? prettify(line) : line)),
  };
  const hooks = { streamWrite: terminal ? escapeStrings : visibleText };
  const log = pino({ level, base: null, serializers: { err: describeError }, hooks }, destination);
  return log;
}

/**
 * Writes lines synchronously, so that the last one before an exit is not lost. A line that cannot be written (the disk
 * is full, the reader of the pipe has ended) is counted and dropped. Rejected: pino's own destination. A full disk ends
 * the process there, and a closed pipe silences the log for good.
 */
class LineWriter {
  readonly #fd: number;
  readonly #onRecovery: (lost: number, code: string) => void;
  #lost = 0;
  #code = '';
  /** The line before was written in part. */
  #isTorn = false;

  /** `onRecovery` is called after the first line that can be written again. */
  constructor(fd: number, onRecovery: (lost: number, code: string) => void) {
    this.#fd = fd;
    this.#onRecovery = onRecovery;
  }

  write(line: string): void {
    try {
      this.#writeAll(Buffer.from(this.#isTorn ? `\n${line}` : line));
    } catch (error) {
      this.#code = systemErrorCode(error) ?? String(error);
      this.#lost += 1;
      linesLost += 1;
      return;
    }
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    queueMicrotask(() => this.#onRecovery(lost, this.#code));
  }

  #writeAll(bytes: Buffer): void {
    for (let written = 0; written < bytes.length; this.#isTorn = written < bytes.length) {
      written += this.#writeSome(bytes.subarray(written));
    }
  }

  /** While lines are lost, the worker does not wait for a reader that stands still. */
  #writeSome(bytes: Buffer): number {
    for (let tries = 1; ; tries += 1) {
      try {
        return writeSync(this.#fd, bytes);
      } catch (error) {
        const isBusy = systemErrorCode(error) === 'EAGAIN' && this.#lost === 0 && tries < BUSY.tries;
        if (!isBusy) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY.pauseMs);
      }
    }
  }
}

/**
 * Escapes the strings of a JSON line that pino-pretty will parse and print as they are. Only a stack keeps its line
 * breaks, because pino-pretty indents it; a message with a line break could forge a line of the log.
 */
function escapeStrings(line: string): string {
  const fields: unknown = JSON.parse(line, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    return key === 'stack' ? visibleText(value) : visibleLine(value);
  });
  return `${JSON.stringify(fields)}\n`;
}

/**
 * Serializes an error: name, code, message, stack and causes. Other fields may hold secrets: axios keeps headers there.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    ...('code' in error && { code: error.code }),
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
