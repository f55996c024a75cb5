// The time limits of a response's body. The idle timeout alone would let a server that sends a byte now and then hold a
// run for days. A fixed total would end long lists on slow lines. So the total grows with the bytes that arrive.

/** A body may take this many idle timeouts, however little it sends. */
const GRACE_TIMEOUTS = 5;
/** Beyond that, the server must send at least this much, counted on the wire. Every usable line is faster. */
const MIN_BYTES_PER_SECOND = 1024;
/** Upper limit of the time beyond the grace. */
const MAX_MS = 12 * 3_600_000;

type Limits = {
  timeoutSeconds: number;
  onIdle: () => void;
  /** Called with the time waited and the bytes that arrived in it. */
  onSlow: (seconds: number, bytes: number) => void;
};

/** Runs only while the reader waits for the next chunk: a slow reader is not the server's fault. */
export class BodyTimer {
  readonly #idleMs: number;
  readonly #limits: Limits;
  #bytes = 0;
  #waitedMs = 0;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#idleMs = limits.timeoutSeconds * 1000;
  }

  start(): void {
    this.stop();
    const totalMs = GRACE_TIMEOUTS * this.#idleMs + Math.min((this.#bytes / MIN_BYTES_PER_SECOND) * 1000, MAX_MS);
    const leftMs = totalMs - this.#waitedMs;
    this.#startedAt = performance.now();
    this.#timer =
      leftMs < this.#idleMs
        ? setTimeout(() => this.#limits.onSlow(totalMs / 1000, this.#bytes), leftMs)
        : setTimeout(this.#limits.onIdle, this.#idleMs);
  }

  /** Counts bytes that have arrived. If the timer runs, it starts again. */
  count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#timer !== null) this.start();
  }

  stop(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#waitedMs += performance.now() - this.#startedAt;
  }
}
