import type { JsonObject } from './json.ts';
import { type ProviderCase, providerCaseOf } from './provider.ts';
import { hex, seeded, seedOf } from './random.ts';
import type { Step } from './timeline.ts';

type EventParts = {
  id: number;
  provider: ProviderCase;
  stamp: (time: number) => string;
  withContracts: boolean;
  seed: number;
};

/** A step as the list gives it. */
export function eventOf(step: Step, parts: EventParts): JsonObject {
  // A sequence of its own: what one event holds does not depend on how many others are visible.
  const random = seeded(seedOf(parts.seed, parts.id));
  const hasCase = step.status !== null && step.event !== 'case_created' && random() < 0.33;
  return {
    id: parts.id,
    request_id: hex(random, 32),
    event: step.event,
    ...(step.isTimed && { created_at: parts.stamp(step.at) }),
    ...(step.status !== null && { case_status: step.status }),
    ...(step.error !== null && { error: step.error }),
    ...(hasCase && { case: providerCaseOf(parts.provider, step, parts.withContracts, random) }),
    ...(step.event === 'case_created' && {
      created: { case_id: parts.provider.id, contract_url: parts.provider.contractUrl },
    }),
  };
}

/** How a case writes its times: mostly as JavaScript does, but RFC 3339 allows more, and a reader must too. */
export function stampOf(share: number): (time: number) => string {
  const iso = (time: number) => new Date(time).toISOString();
  if (share < 0.05) return (time) => iso(time).replace(/\.\d+/, '');
  if (share < 0.08) return (time) => iso(time).replace('Z', '417Z');
  if (share < 0.1) return (time) => iso(time + 2 * 3_600_000).replace('Z', '+02:00');
  return iso;
}
