import { detailsOfSale, requestOf } from './application.ts';
import { caseIdOf } from './case-id.ts';
import { companyOf } from './companies.ts';
import { eventOf, stampOf } from './event.ts';
import type { JsonObject } from './json.ts';
import { personOf } from './people.ts';
import { between, hex, seeded, seedOf } from './random.ts';
import { type Life, lifeOf } from './timeline.ts';

/** What a case is made from: everything else about it follows. */
export type Origin = {
  /** The seed of the account it was made for. */
  seed: number;
  index: number;
  /** Milliseconds since 1970. */
  bornAt: number;
  /** `account_id` of the item. */
  accountId: string;
};

/** The case's life; see `lifeOf`. */
export function lifeOfCase(origin: Origin): Life {
  return lifeOf(seeded(seedOf(origin.seed, origin.index, 2)), origin.index, origin.bornAt);
}

/**
 * The case as the list gives it at the time `now` (milliseconds). What does not depend on the time is drawn first, so
 * that nothing else about a case changes when something happens to it.
 */
export function documentOf(origin: Origin, now: number, withContracts: boolean): JsonObject {
  const random = seeded(seedOf(origin.seed, origin.index, 3));
  const id = caseIdOf(origin.seed, origin.index);
  const company = companyOf(random);
  const people = [personOf(random, 'CEO'), personOf(random, 'BENEFICIAL_OWNER')];
  const contractUrl = `https://sign.sandbox.example/contracts/${hex(random, 40)}`;
  const provider = { id: hex(random, 24), company, people, contractUrl };
  const stamp = stampOf(random());
  const request = requestOf(random, provider, id);
  const sale = detailsOfSale(random);
  const [createdBy, deletedBy] = [`user-${hex(random, 8)}`, `user-${hex(random, 8)}`];
  const firstEventId = between(random, 100, 900_000);

  const life = lifeOfCase(origin);
  const happened = life.steps.filter((step) => step.visibleAt <= now);
  const eventParts = { provider, stamp, withContracts, seed: seedOf(origin.seed, origin.index, 4) };
  const events = happened.map((step, index) => eventOf(step, { ...eventParts, id: firstEventId + index }));
  const deletedAt = life.deletedAt !== null && life.deletedAt <= now ? life.deletedAt : null;
  const updatedAt = Math.max(origin.bornAt, deletedAt ?? 0, ...happened.map((step) => step.visibleAt));
  return {
    ...request,
    account_id: origin.accountId,
    // The API promises no order, so some cases have their newest event first.
    events: origin.index % 12 === 5 ? events.reverse() : events,
    id,
    // Not in the API's required set: one case in fifty has no time of its own.
    ...(origin.index % 50 !== 6 && { created_at: stamp(origin.bornAt), created_by: createdBy }),
    updated_at: stamp(updatedAt),
    ...(deletedAt !== null && { deleted_by: deletedBy, deleted_at: stamp(deletedAt) }),
    // Absent and null mean the same.
    ...(deletedAt === null && origin.index % 7 === 3 && { deleted_by: null, deleted_at: null }),
    ...sale,
  };
}
