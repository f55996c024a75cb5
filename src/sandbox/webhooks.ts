import { createHmac, randomUUID } from 'node:crypto';
import type { World } from './world.ts';

export type Subscription = { id: string; account: string; url: string; secret: string | null; events: string[] };

type Delivery = { id: string; event: string; body: string };

/** The webhook subscriptions. A failed delivery is not repeated: a receiver must cope with missing ones. */
export class Webhooks {
  readonly #world: World;
  readonly #subscriptions: Subscription[] = [];
  /** For each account with subscribers the revision of its list at the last delivery. */
  readonly #deliveredRevisions = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  subscribe(subscription: Omit<Subscription, 'id'>): Subscription {
    const added = { ...subscription, id: randomUUID() };
    this.#subscriptions.push(added);
    this.#deliveredRevisions.set(added.account, this.#world.population(added.account).revision);
    return added;
  }

  /** Sends the event to the account's subscribers. Returns the status of each response, 0 for none. */
  async deliver(accountId: string, event: string): Promise<number[]> {
    const receivers = this.#subscriptions.filter(
      ({ account, events }) => account === accountId && (event === 'ping' || events.includes(event)),
    );
    if (receivers.length === 0) return [];
    const id = randomUUID();
    const changed = this.#lastChangedCase(accountId);
    const body = JSON.stringify({ account_id: accountId, event, event_delivery: id, case: changed });
    return Promise.all(receivers.map((receiver) => post(receiver, { id, event, body })));
  }

  /** Delivers an update for every account whose list has changed since the last call. */
  deliverChanges(): void {
    for (const [accountId, deliveredRevision] of this.#deliveredRevisions) {
      const { revision } = this.#world.population(accountId);
      if (revision === deliveredRevision) continue;
      this.#deliveredRevisions.set(accountId, revision);
      void this.deliver(accountId, 'cdd_case_update');
    }
  }

  secrets(): string[] {
    return this.#subscriptions.flatMap(({ secret }) => (secret === null ? [] : [secret]));
  }

  #lastChangedCase(accountId: string): unknown {
    const population = this.#world.population(accountId);
    return population.lastChanged === null ? null : population.documentAt(population.lastChanged, false);
  }
}

/** Signs like Dintero: HMAC-SHA1 over the exact body, in hex. */
async function post({ url, secret }: Subscription, { id, event, body }: Delivery): Promise<number> {
  const signature = secret === null ? {} : { 'event-signature': createHmac('sha1', secret).update(body).digest('hex') };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', event, 'event-delivery': id, ...signature },
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
