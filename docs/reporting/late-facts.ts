import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { World } from '../../src/sandbox/world.ts';

export const ACME = 'P12345678';
export const BAKERIET = 'P11200001';

/**
 * Late and corrected facts, by the day on which the list first has them. Those of 3 November were unknown when October
 * was reported on 1 November, so the page can show two different numbers for October.
 */
export const lateFacts: Readonly<Record<string, (world: World) => void>> = {
  '2025-11-03': (world) => {
    const approved = (created_at: string) => ({ event: 'case_approved', case_status: 'ACTIVE', created_at });
    const reviewed = (account: string) => ({ account, case: waiting(world, 'UNDER_MANUAL_REVIEW', account) });
    world.appendEvent(reviewed(ACME), approved('2025-10-31T13:05:00.000Z'));
    world.appendEvent(reviewed(BAKERIET), approved('2025-10-31T15:30:00.000Z'));
    const declined = { event: 'case_declined', case_status: 'DECLINED', created_at: '2025-10-31T14:40:00.000Z' };
    world.appendEvent({ account: ACME, case: waiting(world, 'AUTOMATIC_REVIEW') }, declined);
    const deleted = { deleted_at: '2025-10-31T11:00:00.000Z', deleted_by: 'user-sandbox' };
    world.changeFields({ account: BAKERIET, case: waiting(world, 'WAITING_FOR_SIGNATURE', BAKERIET) }, deleted);
    correctApproval(world);
  },
  '2025-11-10': (world) => {
    world.vanish({ account: ACME, case: waiting(world, 'WAITING_FOR_DETAILS') });
    world.appendItem(BAKERIET, JSON.stringify(appliedAgain(world)));
  },
  '2025-11-20': (world) => {
    world.appendItem(BAKERIET, JSON.stringify({ id: '00000000-0000-4000-8000-000000000001', events: 'none' }));
    const odd = { payment_options: { type: 'dintero.zero' }, updated_at: '2025-11-19T10:15:00' };
    world.changeFields({ account: ACME, case: waiting(world, 'WAITING_FOR_DECLARATION') }, odd);
    // Listed by the partner and by the merchant.
    world.appendItem(BAKERIET, JSON.stringify(world.documents(ACME).at(-1)));
  },
};

const timeOf = (event: JsonObject) => (typeof event.created_at === 'string' ? Date.parse(event.created_at) : 0);

/** The id of the newest case that has been in the status since before the last day of October. */
function waiting(world: World, status: string, account = ACME): string {
  const before = Date.parse('2025-10-31T10:00:00.000Z');
  const found = world.documents(account).findLast((document) => {
    return statusOf(document) === status && eventsOf(document).every((event) => timeOf(event) < before);
  });
  return idOf(found, `in ${status}`);
}

/** Moves an approval of the last hours of October to a time after midnight in Oslo. */
function correctApproval(world: World): void {
  const [from, to] = ['2025-10-30T00:00:00.000Z', '2025-10-31T23:00:00.000Z'].map((time) => Date.parse(time));
  const approves = (event: JsonObject) => event.case_status === 'ACTIVE';
  const found = world.documents(ACME).find((document) => {
    const approvals = eventsOf(document).filter(approves);
    const time = timeOf(approvals[0] ?? {});
    return approvals.length === 1 && statusOf(document) === 'ACTIVE' && time > (from ?? 0) && time < (to ?? 0);
  });
  world.edit({ account: ACME, case: idOf(found, 'approved at the end of October') }, (document) => {
    for (const event of eventsOf(document).filter(approves)) event.created_at = '2025-10-31T23:20:00.000Z';
  });
}

/** A case at Bakeriet of a company that was declined at Acme in autumn, approved after a review. */
function appliedAgain(world: World): JsonObject {
  const declined = world.documents(ACME).find((document) => {
    return statusOf(document) === 'DECLINED' && timeOf(eventsOf(document)[0] ?? {}) > Date.parse('2025-09-01');
  });
  const statuses: [string, string][] = [
    ['2025-11-04T09:12:00.000Z', 'WAITING_FOR_DETAILS'],
    ['2025-11-05T10:40:00.000Z', 'AUTOMATIC_REVIEW'],
    ['2025-11-05T10:41:00.000Z', 'UNDER_MANUAL_REVIEW'],
    ['2025-11-07T12:30:00.000Z', 'ACTIVE'],
  ];
  const events = statuses.map(([created_at, case_status], index) => ({
    id: 990_001 + index,
    event: index === 0 ? 'case_created' : 'case_updated',
    created_at,
    case_status,
  }));
  idOf(declined, 'declined in autumn');
  return {
    ...declined,
    id: '00000000-0000-4000-8000-000000000002',
    created_at: statuses[0]?.[0],
    updated_at: statuses.at(-1)?.[0],
    events,
  };
}

function idOf(document: JsonObject | undefined, which: string): string {
  if (document === undefined) throw new Error(`The sandbox has no case ${which}; try another seed.`);
  return String(document.id);
}
