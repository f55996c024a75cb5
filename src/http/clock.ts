import { setTimeout as delay } from 'node:timers/promises';

/** Time and randomness as a parameter, so that tests control both. */
export type Clock = {
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 to below 1. */
  random: () => number;
  /** Rejects at once when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};
