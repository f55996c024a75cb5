import type { JsonObject } from './json.ts';
import { type ProviderCase, providerCaseOf } from './provider.ts';
import { hex, seeded, seedOf } from './random.ts';
import type { PlannedEvent } from './timeline.ts';

type EventParts = {
  id: number;
  provider: ProviderCase;
  formatTime: (time: number) => string;
  withContracts: boolean;
  seed: number;
};

/** The event as the list shows it. */
export function eventOf(planned: PlannedEvent, parts: EventParts): JsonObject {
  // Its own random sequence, so that the event stays the same when others become visible.
  const random = seeded(seedOf(parts.seed, parts.id));
  const hasCase = planned.status !== null && planned.event !== 'case_created' && random() < 0.33;
  return {
    id: parts.id,
    request_id: hex(random, 32),
    event: planned.event,
    ...(planned.isTimed && { created_at: parts.formatTime(planned.at) }),
    ...(planned.status !== null && { case_status: planned.status }),
    ...(planned.error !== null && { error: planned.error }),
    ...(hasCase && { case: providerCaseOf(parts.provider, planned, parts.withContracts, random) }),
    ...(planned.event === 'case_created' && {
      created: { case_id: parts.provider.id, contract_url: parts.provider.contractUrl },
    }),
  };
}

/** Formats times mostly as JavaScript does, and sometimes in other forms of RFC 3339, which a client must accept. */
export function timeFormatter(share: number): (time: number) => string {
  const iso = (time: number) => new Date(time).toISOString();
  if (share < 0.05) return (time) => iso(time).replace(/\.\d+/, '');
  if (share < 0.08) return (time) => iso(time).replace('Z', '417Z');
  if (share < 0.1) return (time) => iso(time + 2 * 3_600_000).replace('Z', '+02:00');
  return iso;
}
