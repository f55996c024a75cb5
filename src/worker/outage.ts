import type { Log } from '../log.ts';

const REMINDER_MS = 5 * 60_000;

/** The beginnings of the lines of an outage; the reason or the duration follows. */
type Lines = { begun: string; lasting: string; over: string };

type OutageOptions = {
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  /** Milliseconds. */
  now: () => number;
  lines: Lines;
};

/**
 * A state in the log that lasts: one line when it begins, one when its cause is new, one every five minutes, and one
 * when it ends, however many errors report it.
 */
export class Outage {
  readonly #options: OutageOptions;
  #since = 0;
  #lastLineAt = 0;
  #reason: string | null = null;
  #code: string | null = null;
  /** Each cause is logged once, because causes may alternate during an outage. */
  readonly #toldCauses = new Set<string>();

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /** The newest reason; null when there is no outage. */
  get reason(): string | null {
    return this.#reason;
  }

  /** When it began; null when there is no outage. */
  get since(): Date | null {
    return this.#reason === null ? null : new Date(this.#since);
  }

  /**
   * Reports an error of the outage. Errors with the same advice have the same `cause`; `code` is a field of the lines.
   */
  failed({ cause, reason, code }: { cause: string; reason: string; code: string | null }): void {
    const { log, now, lines } = this.#options;
    if (this.#reason === null) this.#since = now();
    this.#reason = reason;
    this.#code = code;
    if (this.#toldCauses.has(cause)) return;
    this.#toldCauses.add(cause);
    this.#lastLineAt = now();
    log.error({ code }, `${lines.begun}: ${reason}`);
  }

  /** Logs a reminder every five minutes while the outage lasts. Call it every few seconds. */
  remind(): void {
    const { log, now, lines } = this.#options;
    if (this.#reason === null || now() - this.#lastLineAt < REMINDER_MS) return;
    this.#lastLineAt = now();
    const duration = durationText(now() - this.#since);
    log.warn({ code: this.#code }, `${lines.lasting}, after ${duration}: ${this.#reason}`);
  }

  /** Ends the outage, as of a time that may be past. */
  end(at = this.#options.now()): void {
    if (this.#reason === null) return;
    const { log, lines } = this.#options;
    const seconds = Math.round((at - this.#since) / 1000);
    this.#reason = null;
    this.#toldCauses.clear();
    log.info({ seconds }, `${lines.over}, after ${durationText(at - this.#since)}`);
  }
}

/** `12 s`, `5 min` or `3 h`. */
export function durationText(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
