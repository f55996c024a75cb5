import { applicationFields, saleFields } from './application.ts';
import { companyOf } from './companies.ts';
import { eventOf, timeFormatter } from './event.ts';
import type { JsonObject } from './json.ts';
import { personOf } from './people.ts';
import { between, hex, seeded, seedOf } from './random.ts';
import { type CaseSeed, caseIdOf } from './seeds.ts';
import { timelineOf } from './timeline.ts';

/**
 * The case as the list shows it at the time `now` (milliseconds). Values that do not depend on the time are drawn from
 * the random sequence first, so that a new event changes nothing else in the document.
 */
export function documentOf(caseSeed: CaseSeed, now: number, withContracts: boolean): JsonObject {
  const { seed, index, firstIndex, createdAt, accountId } = caseSeed;
  const random = seeded(seedOf(seed, index, 3));
  const id = caseIdOf(seed, index);
  const ownCompany = companyOf(random);
  const company = firstIndex === index ? ownCompany : companyOf(seeded(seedOf(seed, firstIndex, 3)));
  const people = [personOf(random, 'CEO'), personOf(random, 'BENEFICIAL_OWNER')];
  const contractUrl = `https://sign.sandbox.example/contracts/${hex(random, 40)}`;
  const provider = { id: hex(random, 24), company, people, contractUrl };
  const formatTime = timeFormatter(random());
  const application = applicationFields(random, provider, id);
  const sale = saleFields(random);
  const [createdBy, deletedBy] = [`user-${hex(random, 8)}`, `user-${hex(random, 8)}`];
  const firstEventId = between(random, 100, 900_000);

  const timeline = timelineOf(caseSeed);
  const visible = timeline.events.filter((event) => event.visibleAt <= now);
  const eventParts = { provider, formatTime, withContracts, seed: seedOf(seed, index, 4) };
  const events = visible.map((event, position) => eventOf(event, { ...eventParts, id: firstEventId + position }));
  const deletedAt = timeline.deletedAt !== null && timeline.deletedAt <= now ? timeline.deletedAt : null;
  const updatedAt = Math.max(createdAt, deletedAt ?? 0, ...visible.map((event) => event.visibleAt));
  return {
    ...application,
    account_id: accountId,
    // The API promises no order, so some cases have their newest event first.
    events: index % 12 === 5 ? events.reverse() : events,
    id,
    // The API does not require it, so one case in fifty has none.
    ...(index % 50 !== 6 && { created_at: formatTime(createdAt), created_by: createdBy }),
    updated_at: formatTime(updatedAt),
    ...(deletedAt !== null && { deleted_by: deletedBy, deleted_at: formatTime(deletedAt) }),
    // Absent and null mean the same.
    ...(deletedAt === null && index % 7 === 3 && { deleted_by: null, deleted_at: null }),
    ...sale,
  };
}
