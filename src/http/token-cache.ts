import { addAbortListener } from 'node:events';
import { SyncError } from '../model/sync-error.ts';
import type { Clock } from './clock.ts';
import { cancelledError } from './errors.ts';
import type { RequestContext } from './request.ts';

/** A token, and the time to renew it at, in milliseconds since 1970. */
export type IssuedToken = { token: string; renewAt: number };

type PendingRequest = { result: Promise<IssuedToken>; abort: AbortController; waiters: number };

/**
 * Caches one token until shortly before it expires. Concurrent callers share one request: it counts in the traffic of
 * the first, and is aborted when all of them have gone. Failures are not cached.
 */
export class TokenCache {
  readonly #clock: Clock;
  readonly #requestToken: (context: RequestContext) => Promise<IssuedToken>;
  #cached: IssuedToken | null = null;
  #pending: PendingRequest | null = null;

  constructor(clock: Clock, requestToken: (context: RequestContext) => Promise<IssuedToken>) {
    this.#clock = clock;
    this.#requestToken = requestToken;
  }

  /** Returns a valid token; throws the SyncError of its request, or of the abort. */
  async get(context: RequestContext): Promise<string> {
    if (this.#cached !== null && this.#clock.now() < this.#cached.renewAt) return this.#cached.token;
    this.#pending ??= this.#start(context);
    const pending = this.#pending;
    pending.waiters += 1;
    try {
      return (await rejectOnAbort(pending.result, context.signal)).token;
    } finally {
      pending.waiters -= 1;
      if (pending.waiters === 0) {
        // Before the abort, so that no later caller joins an aborted request.
        this.#clear(pending);
        pending.abort.abort();
      }
    }
  }

  /** Returns a token other than `rejected`, which the API refused. Concurrent callers replace it once. */
  async renew(rejected: string, context: RequestContext): Promise<string> {
    if (this.#cached?.token === rejected) this.#cached = null;
    return this.get(context);
  }

  #start(context: RequestContext): PendingRequest {
    const abort = new AbortController();
    const pending = { result: this.#requestToken({ ...context, signal: abort.signal }), abort, waiters: 0 };
    pending.result.then(
      (issued) => {
        this.#cached = issued;
        this.#clear(pending);
      },
      () => this.#clear(pending),
    );
    return pending;
  }

  #clear(pending: PendingRequest): void {
    if (this.#pending === pending) this.#pending = null;
  }
}

/** Calls `use` with a token, and once more with a new one if the API refuses it (`AUTH`). */
export async function withToken<T>(
  cache: TokenCache,
  context: RequestContext,
  use: (token: string) => Promise<T>,
): Promise<T> {
  const token = await cache.get(context);
  try {
    return await use(token);
  } catch (error) {
    if (!(error instanceof SyncError && error.code === 'AUTH')) throw error;
  }
  return use(await cache.renew(token, context));
}

async function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  using _listener = addAbortListener(signal, () => aborted.reject(cancelledError(signal)));
  return await Promise.race([promise, aborted.promise]);
}
