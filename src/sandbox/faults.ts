import { z } from 'zod';

/** The place of a fault inside a response: after this many bytes, or in the middle of the item after this many. */
const point = { afterBytes: z.int().nonnegative().optional(), afterItems: z.int().nonnegative().optional() };

const faultSchema = z.discriminatedUnion('kind', [
  /**
   * Another status with the API's error body. `retryAfter` is the header: seconds, or a date. With `echo`, the message
   * repeats the request's `Authorization` header.
   */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    retryAfter: z.union([z.int(), z.string()]).optional(),
    location: z.string().optional(),
    echo: z.boolean().optional(),
  }),
  /** The correct response, late. */
  z.strictObject({ kind: z.literal('delay'), seconds: z.number().nonnegative() }),
  /** The response stops, and resumes only when the faults are cleared. */
  z.strictObject({ kind: z.literal('stall'), ...point }),
  /** The connection breaks. */
  z.strictObject({ kind: z.literal('cutOff'), ...point }),
  /** The response ends too early, but is complete as HTTP. */
  z.strictObject({ kind: z.literal('truncated'), ...point }),
  /** The correct response, one byte after every `seconds`; with part `head`, headers that never end instead. */
  z.strictObject({ kind: z.literal('drip'), seconds: z.number().nonnegative(), part: z.enum(['head', 'body']) }),
  /** The correct response with these headers in addition, or instead of its own. */
  z.strictObject({ kind: z.literal('headers'), headers: z.record(z.string(), z.string()) }),
  /** These bytes on the connection, one for each character, and its end. */
  z.strictObject({ kind: z.literal('raw'), bytes: z.string() }),
  /** Status 200 with this body. */
  z.strictObject({ kind: z.literal('body'), body: z.string(), contentType: z.string().optional() }),
  /**
   * `hangUp`: the connection breaks before any response; `reset`: by a TCP reset. `html`, `object` (of JSON), `empty`:
   * such a body with status 200. `brokenJson`: the correct response with a syntax error in it. `noEtag`: the correct
   * list without an etag. `noExpiry`: the correct token without `expires_in`. `earlyHints`: the correct response after
   * an informational one (103).
   */
  z.strictObject({
    kind: z.enum(['hangUp', 'reset', 'html', 'object', 'empty', 'brokenJson', 'noEtag', 'noExpiry', 'earlyHints']),
  }),
  /** The first `count` items of the list (default one) are changed. */
  z.strictObject({
    kind: z.literal('items'),
    change: z.enum([
      'missingId',
      'wrongType',
      'conflictingEvent',
      'conflictingCase',
      'unknownStatus',
      'reorderedKeys',
      'vanished',
    ]),
    count: z.union([z.int().positive(), z.literal('all')]).optional(),
  }),
]);

/** A way for a request to fail. */
export type Fault = z.infer<typeof faultSchema>;

const endpoints = ['token', 'exchange', 'list', 'discovery'] as const;
export type Endpoint = (typeof endpoints)[number];

/** A fault with the requests that it applies to. `always` stands for Infinity, which JSON lacks. */
export const faultOrderSchema = z.strictObject({
  endpoint: z.enum(endpoints),
  fault: faultSchema,
  /** Default: all accounts. A token exchange belongs to both the partner and the merchant. */
  account: z.string().optional(),
  /** Number of affected requests; Infinity for all until the faults are cleared. Default 1. */
  times: z.union([z.int().positive(), z.literal('always').transform(() => Number.POSITIVE_INFINITY)]).optional(),
});
export type FaultOrder = z.output<typeof faultOrderSchema>;

/** The active faults. A request gets the first one that applies to it. */
export class Faults {
  #orders: (FaultOrder & { times: number })[] = [];
  #clearing = new AbortController();

  add(order: FaultOrder): void {
    this.#orders.push({ ...order, times: order.times ?? 1 });
  }

  /** Removes all faults, and resumes every stalled response. */
  clear(): void {
    this.#orders = [];
    this.#clearing.abort();
    this.#clearing = new AbortController();
  }

  active(): readonly FaultOrder[] {
    return this.#orders;
  }

  /** Aborts when the faults are cleared the next time. */
  cleared(): AbortSignal {
    return this.#clearing.signal;
  }

  /** Takes one use of the first fault for this request; null when there is none. */
  take(endpoint: Endpoint, accounts: readonly string[]): Fault | null {
    const order = this.#orders.find(
      (each) => each.endpoint === endpoint && (each.account === undefined || accounts.includes(each.account)),
    );
    if (!order) return null;
    order.times -= 1;
    if (order.times < 1) this.#orders = this.#orders.filter((each) => each !== order);
    return order.fault;
  }
}
