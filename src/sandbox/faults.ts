import { z } from 'zod';

/** Where inside an answer something goes wrong: after so many bytes, or in the middle of the item after so many. */
const point = { afterBytes: z.int().nonnegative().optional(), afterItems: z.int().nonnegative().optional() };

const faultSchema = z.discriminatedUnion('kind', [
  /** Another status, with the API's error body. `retryAfter` is the header: seconds, or a date. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(300).max(599),
    retryAfter: z.union([z.int(), z.string()]).optional(),
    location: z.string().optional(),
  }),
  /** The right answer, late. */
  z.strictObject({ kind: z.literal('delay'), seconds: z.number().nonnegative() }),
  /** The answer stops, and goes on when the faults are cleared; never, if they are not. */
  z.strictObject({ kind: z.literal('stall'), ...point }),
  /** The connection breaks. */
  z.strictObject({ kind: z.literal('cutOff'), ...point }),
  /** The answer ends too early, but as HTTP it is complete. */
  z.strictObject({ kind: z.literal('truncated'), ...point }),
  /** Status 200 with this body. */
  z.strictObject({ kind: z.literal('body'), body: z.string(), contentType: z.string().optional() }),
  /**
   * `hangUp`: the connection breaks before any answer. `html`, `object` (of JSON), `empty`: such a body with status
   * 200. `brokenJson`: the right answer with nonsense inside. `noEtag`: the right list without an etag.
   */
  z.strictObject({ kind: z.enum(['hangUp', 'html', 'object', 'empty', 'brokenJson', 'noEtag']) }),
  /** The first `count` items of the list (one, if not said) are not what they were. */
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

/** What can go wrong. */
export type Fault = z.infer<typeof faultSchema>;

const endpoints = ['token', 'exchange', 'list', 'discovery'] as const;
export type Endpoint = (typeof endpoints)[number];

/** What goes wrong, where, and how often. */
export type FaultOrder = {
  endpoint: Endpoint;
  fault: Fault;
  /** Without it for all accounts. An exchange counts as the partner's and the merchant's. */
  account?: string | undefined;
  /** How many requests it hits; Infinity for all until the faults are cleared. */
  times?: number | undefined;
};

/** A fault as it is ordered over HTTP; JSON has no Infinity. */
export const faultOrderSchema = z.strictObject({
  endpoint: z.enum(endpoints),
  fault: faultSchema,
  account: z.string().optional(),
  times: z.union([z.int().positive(), z.literal('always').transform(() => Number.POSITIVE_INFINITY)]).optional(),
});

export type Faults = ReturnType<typeof createFaults>;

/** The faults in waiting: first ordered, first served, one per request. */
export function createFaults() {
  let orders: (FaultOrder & { times: number })[] = [];
  let clearing = new AbortController();
  return {
    add(order: FaultOrder): void {
      orders.push({ ...order, times: order.times ?? 1 });
    },
    /** Forgets all faults, and lets go of every answer that stalls. */
    clear(): void {
      orders = [];
      clearing.abort();
      clearing = new AbortController();
    },
    active: (): readonly FaultOrder[] => orders,
    /** Aborts when the faults are cleared the next time. */
    cleared: (): AbortSignal => clearing.signal,
    /** The fault that a request meets, if any. */
    take(endpoint: Endpoint, accounts: readonly string[]): Fault | null {
      const order = orders.find(
        (each) => each.endpoint === endpoint && (each.account === undefined || accounts.includes(each.account)),
      );
      if (!order) return null;
      order.times -= 1;
      if (order.times < 1) orders = orders.filter((each) => each !== order);
      return order.fault;
    },
  };
}
