// The client's limits of time, without waiting: while a request stands still on purpose, its timer ends at once.
import { vi } from 'vitest';
import type { Rule } from './faults.ts';

export const TIMEOUT_SECONDS = 300;
const IDLE_MS = TIMEOUT_SECONDS * 1000;
/** Shorter timers belong to others. */
const SHORTEST_MS = 60_000;

/** Ends long timers of this process. There must be one request at a time, so that all of them are that request's. */
export class ClientTimers {
  readonly #live = new Map<unknown, { timer: NodeJS.Timeout; ms: number; end: () => void }>();
  #kind: Rule['waits'] | null = null;
  #passedMs = 0;

  constructor() {
    const { setTimeout, clearTimeout } = globalThis;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + this.#passedMs);
    vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
      this.#live.delete(timer);
      clearTimeout(timer);
    });
    const start = (end: () => void, ms = 0) => {
      const timer = setTimeout(end, ms);
      if (ms >= SHORTEST_MS) this.#live.set(timer, { timer, ms, end });
      // Each byte is late by nine tenths of the timeout, until less than that is left for the body.
      if (this.#kind === 'slow' && ms === IDLE_MS) this.#passedMs += 0.9 * IDLE_MS;
      else if (this.#kind === 'slow' && ms >= SHORTEST_MS && ms < IDLE_MS) setTimeout(end, 1);
      else if (this.#kind !== null) setTimeout(() => this.#endOne(), 1);
      return timer;
    };
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(
      Object.assign(start, { __promisify__: setTimeout.__promisify__ }),
    );
  }

  /** A request begins that stands still, or answers slowly. */
  expect(kind: Rule['waits'] | null): void {
    this.#kind = kind;
    // Timers from before the answer are not those of its body.
    if (kind === 'body') this.#live.clear();
    if (kind !== null && kind !== 'slow') this.#endOne();
  }

  restore(): void {
    vi.restoreAllMocks();
  }

  /** The timer for the head is a little longer than the one for the body. */
  #endOne(): void {
    const found = [...this.#live.values()].find(({ ms }) => (this.#kind === 'head' ? ms > IDLE_MS : ms === IDLE_MS));
    if (found === undefined || this.#kind === null || this.#kind === 'slow') return;
    const { timer, end } = found;
    this.#kind = null;
    globalThis.clearTimeout(timer);
    end();
  }
}
