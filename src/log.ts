import { writeSync } from 'node:fs';
import pino from 'pino';
import { prettyFactory } from 'pino-pretty';
import { durationSeconds, type RunRow } from './model/run.ts';
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

/** Creates the log on stderr: JSON lines, or readable lines on a terminal. Unsafe characters are escaped in both. */
export function createLog({ level, terminal, fd = STDERR }: { level: string; terminal: boolean; fd?: number }): Log {
  const prettify = prettyFactory({ colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' });
  const writer = new LineWriter(fd, (lost, code) => {
    log.warn({ lost, code }, 'lines of the log were lost, because they could not be written');
  });
  const destination = terminal ? { write: (line: string) => writer.write(prettify(line)) } : writer;
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
 * Logs a closed run: error or warning if it was not a success, info if something changed, else debug. A problem that
 * the log has already is no news.
 */
export function logRun(log: Log, row: RunRow, { isNews = true }: { isNews?: boolean } = {}): void {
  const { account_id: account, state, error_code: code, error_message: message } = row;
  const counts = { ...nonZeroCounts(row), seconds: durationSeconds(row) };
  if (state === 'failed' || state === 'abandoned') {
    log[isNews ? 'error' : 'debug']({ account, code }, message ?? state);
  } else if (state === 'partial' && isNews) {
    log.warn(
      { account, ...counts, ...(code !== null && { code }) },
      message ?? 'partial: some items could not be read; cdd-sync rejected shows them',
    );
  } else if (counts.created || counts.updated || counts.missing || counts.returned) {
    log.info({ account, ...counts }, 'synced');
  } else {
    log.debug({ account, ...counts }, row.not_modified ? 'not modified' : 'unchanged');
  }
}

/** Paths in one line of the log; the others are only counted. */
const MAX_PATHS = 10;

/** Logs the problems of cases that a run recorded, by their path: one line, however many cases have them. */
export function logProblems(log: Log, account: string, problems: ReadonlyMap<string, number>): void {
  const byNumber = [...problems].sort(([, one], [, other]) => other - one);
  const total = byNumber.reduce((sum, [, count]) => sum + count, 0);
  const paths = Object.fromEntries(byNumber.slice(0, MAX_PATHS).map(([path, count]) => [path || 'others', count]));
  const rest = byNumber.length - MAX_PATHS;
  log.warn(
    { account, problems: total, paths, ...(rest > 0 && { morePaths: rest }) },
    `${account}: ${total} fields of cases are not as the API documents them; the cases are saved, and reporting.case_problems names the places`,
  );
}

function nonZeroCounts(row: RunRow) {
  const counts = {
    seen: row.cases_seen,
    created: row.cases_created,
    updated: row.cases_updated,
    missing: row.cases_missing,
    returned: row.cases_returned,
    heldBack: row.missing_held_back,
    transitions: row.transitions_recorded,
    rejected: row.items_rejected,
    retries: row.retries,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<typeof counts>;
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
