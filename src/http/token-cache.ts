import { SyncError } from '../model/sync-error.ts';
import type { On } from './client.ts';
import type { Clock } from './clock.ts';
import { cancelled } from './errors.ts';

/** Gives the token of one account. */
export type TokenSource = {
  get: (on: On) => Promise<string>;
  /** A token other than `stale`, which the API refused. However often it is refused, it is replaced once. */
  renew: (stale: string, on: On) => Promise<string>;
};

/** A token and until when to use it, in milliseconds since 1970. */
export type Granted = { token: string; goodUntil: number };

/**
 * Keeps what `request` grants until it is about to expire, and requests once however many wait. The request is counted
 * in the traffic of whoever came first, and belongs to all: it is aborted when the last who waits has gone. Failures
 * are not kept.
 */
export function createTokenSource(clock: Clock, request: (on: On) => Promise<Granted>): TokenSource {
  let held: Granted | null = null;
  let flight: Flight | null = null;

  function start(traffic: On['traffic']): Flight {
    const abort = new AbortController();
    const granted = request({ signal: abort.signal, traffic });
    const mine: Flight = { granted, abort, waiting: 0 };
    granted.then(
      (grant) => {
        held = grant;
        land(mine);
      },
      () => land(mine),
    );
    return mine;
  }

  function land(landed: Flight): void {
    if (flight === landed) flight = null;
  }

  async function get(on: On): Promise<string> {
    if (held !== null && clock.now() < held.goodUntil) return held.token;
    const { signal, traffic } = on;
    flight ??= start(traffic);
    const joined = flight;
    joined.waiting += 1;
    try {
      return (await unlessAborted(joined.granted, signal)).token;
    } finally {
      joined.waiting -= 1;
      if (joined.waiting === 0) {
        // First, so that nobody joins what is about to be aborted.
        land(joined);
        joined.abort.abort();
      }
    }
  }

  async function renew(stale: string, on: On): Promise<string> {
    if (held?.token === stale) held = null;
    return get(on);
  }

  return { get, renew };
}

type Flight = { granted: Promise<Granted>; abort: AbortController; waiting: number };

/** Does something with a token, and once more with a new one if the API refuses it (`AUTH`). */
export async function withToken<T>(source: TokenSource, on: On, use: (token: string) => Promise<T>): Promise<T> {
  const token = await source.get(on);
  try {
    return await use(token);
  } catch (error) {
    if (!(error instanceof SyncError && error.code === 'AUTH')) throw error;
  }
  return use(await source.renew(token, on));
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(cancelled(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
