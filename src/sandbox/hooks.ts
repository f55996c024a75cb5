import { createHmac, randomUUID } from 'node:crypto';
import { documentAt } from './population.ts';
import type { World } from './world.ts';

export type Subscription = { id: string; account: string; url: string; secret: string | null; events: string[] };

export type Hooks = ReturnType<typeof createHooks>;

/** Who is told of changes. A delivery that fails is not repeated: a receiver must not depend on getting all of them. */
export function createHooks(world: World) {
  const subscriptions: Subscription[] = [];
  const told = new Map<string, number>();

  async function deliver(accountId: string, event: string): Promise<number[]> {
    const receivers = subscriptions.filter(
      ({ account, events }) => account === accountId && (event === 'ping' || events.includes(event)),
    );
    if (receivers.length === 0) return [];
    const delivery = randomUUID();
    const body = JSON.stringify({ account_id: accountId, event, event_delivery: delivery, case: lastCase(accountId) });
    return Promise.all(receivers.map((receiver) => post(receiver, { event, delivery, body })));
  }

  function lastCase(accountId: string): unknown {
    const population = world.population(accountId);
    return population.lastChanged === null ? null : documentAt(population, population.lastChanged, false);
  }

  return {
    deliver,
    subscribe(subscription: Omit<Subscription, 'id'>): Subscription {
      const added = { ...subscription, id: randomUUID() };
      subscriptions.push(added);
      told.set(added.account, world.population(added.account).revision);
      return added;
    },
    /** Tells the subscribers of every account whose list has changed since they were last told. */
    deliverChanges(): void {
      for (const [accountId, toldRevision] of told) {
        const { revision } = world.population(accountId);
        if (revision === toldRevision) continue;
        told.set(accountId, revision);
        void deliver(accountId, 'cdd_case_update');
      }
    },
    secrets: () => subscriptions.flatMap(({ secret }) => (secret === null ? [] : [secret])),
  };
}

/** Signed as Dintero does: HMAC-SHA1 of the body, in hex. Gives the status answered, 0 when there was no answer. */
async function post(
  { url, secret }: Subscription,
  { event, delivery, body }: { event: string; delivery: string; body: string },
): Promise<number> {
  const signature = secret === null ? {} : { 'event-signature': createHmac('sha1', secret).update(body).digest('hex') };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', event, 'event-delivery': delivery, ...signature },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
