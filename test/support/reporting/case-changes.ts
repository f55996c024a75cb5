// The changes that random-changes.ts makes to a case; some of them are rare and easy for a report to get wrong.
import { eventsOf } from '../../../src/sandbox/case-events.ts';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import { between, pick, type Random } from '../../../src/sandbox/random.ts';
import type { World } from '../../../src/sandbox/world.ts';
import { formatInstant, HOUR, type Instant, parseInstant, SECOND } from '../reference/instant.ts';
import { knownStatuses } from '../reference/statuses.ts';

/** Midnights around the clock changes in Oslo, St John's and Kathmandu, and the clock changes themselves. */
const BOUNDARIES = [
  '2026-03-28T23:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-03-29T22:00:00Z',
  '2026-10-24T22:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-10-25T23:00:00Z',
  '2026-10-31T22:00:00Z',
  '2026-10-31T23:00:00Z',
  '2026-11-01T02:30:00Z',
  '2026-11-01T04:30:00Z',
  '2026-11-02T03:30:00Z',
  '2026-09-30T18:15:00Z',
].flatMap((text) => parseInstant(text) ?? []);

/** The account to change cases of. */
type Target = { world: World; account: string; random: Random };
type Change = (target: Target, caseId: string) => void;

/** Several changes of status within hours, some of them at the same time. */
const changeStatusOften: Change = (target, caseId) => {
  let at = randomTime(target);
  for (let count = between(target.random, 2, 5); count > 0; count -= 1) {
    append(target, caseId, { case_status: randomStatus(target.random), created_at: formatInstant(at) });
    at = Math.min(at + pick(target.random, [0, 0, 1, 20 * SECOND, HOUR, 5 * HOUR]), nowOf(target));
  }
};

const changeStatusOnce: Change = (target, caseId) =>
  append(target, caseId, { case_status: randomStatus(target.random), created_at: formatInstant(randomTime(target)) });

const changeStatusNow: Change = ({ world, account, random }, caseId) => {
  world.appendEvent({ account, case: caseId }, { case_status: randomStatus(random) });
};

const changeStatusWithoutTime: Change = (target, caseId) =>
  append(target, caseId, {
    case_status: randomStatus(target.random),
    created_at: pick(target.random, [null, undefined]),
  });

const reportError: Change = (target, caseId) =>
  append(target, caseId, {
    error: `failure ${between(target.random, 1, 99)}`,
    case_status: pick(target.random, ['ERROR', null, undefined]),
    created_at: pick(target.random, [formatInstant(randomTime(target)), formatInstant(randomTime(target)), null]),
  });

const addLateEvent: Change = ({ world, account, random }, caseId) => {
  const id = pick(random, ['smaller', 'larger'] as const);
  world.addLateEvent({ account, case: caseId }, { id, hours: between(random, 0, 50), status: randomStatus(random) });
};

const deleteEarlier: Change = (target, caseId) => {
  target.world.changeFields(
    { account: target.account, case: caseId },
    { deleted_at: formatInstant(randomTime(target)) },
  );
};

const deleteNow: Change = ({ world, account }, caseId) => {
  world.deleteCase({ account, case: caseId });
};

const undelete: Change = ({ world, account, random }, caseId) => {
  world.edit({ account, case: caseId }, (document) => {
    document.deleted_at = pick(random, [null, undefined]);
  });
};

/** Changes an event that was read before, or removes it. */
const rewriteEvent: Change = (target, caseId) => {
  const { world, account, random } = target;
  world.edit({ account, case: caseId }, (document) => {
    const events = eventsOf(document);
    const event = events[Math.floor(random() * events.length)];
    if (event === undefined) return;
    const kind = pick(random, ['status', 'time', 'removed', 'first'] as const);
    if (kind === 'status') event.case_status = randomStatus(random);
    if (kind === 'time') event.created_at = formatInstant(randomTime(target));
    if (kind === 'removed') document.events = events.filter((each) => each !== event);
    if (kind === 'first') document.events = [event, ...events.filter((each) => each !== event)];
  });
};

/** Removes the time of the case, and sometimes those of its events. */
const removeTimes: Change = ({ world, account, random }, caseId) => {
  world.edit({ account, case: caseId }, (document) => {
    delete document.created_at;
    if (random() < 0.5) for (const event of eventsOf(document)) delete event.created_at;
  });
};

/**
 * Placeholders, and times ahead of the database's clock or of the sandbox's: some of them within a day, some of them
 * plausible only later.
 */
const setOddTime: Change = (target, caseId) => {
  const { world, account, random } = target;
  const now = pick(random, [Date.now() * 1000, nowOf(target)]);
  const time = pick(random, [
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '1999-12-31T23:59:59Z',
    '2000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    ...[0.5, 12, 23, 25, 500].map((hours) => formatInstant(now + hours * HOUR)),
  ]);
  world.edit({ account, case: caseId }, (document) => {
    const events = eventsOf(document);
    const event = events[Math.floor(random() * events.length)];
    const field = pick(random, ['event', 'event', 'event', 'created_at', 'updated_at', 'deleted_at'] as const);
    if (field !== 'event') document[field] = time;
    else if (event !== undefined) event.created_at = time;
  });
};

const removeEvents: Change = ({ world, account }, caseId) => {
  world.edit({ account, case: caseId }, (document) => {
    document.events = [];
  });
};

const changePackage: Change = ({ world, account, random }, caseId) => {
  world.changeFields({ account, case: caseId }, { package: `package ${between(random, 1, 9)}` });
};

/** Gives a field of the case a value that is not as documented, or one that is. */
const changeType: Change = ({ world, account, random }, caseId) => {
  const fields = pick<JsonObject>(random, [
    { package: { name: 'large' } },
    { package: 7 },
    { package: 'large' },
    { products: ['payout', null] },
    { products: ['payout'] },
    { products: ['payout', 'checkout', 'payout'] },
    { products: [] },
    {
      payment_options: [
        { type: 7, currencies: ['SEK'] },
        { type: 'vipps.payment', currencies: 'NOK' },
      ],
    },
    { payment_options: [{ currencies: ['SEK', 1] }, { currencies: ['SEK', 'DKK', 'SEK'], later: 'not documented' }] },
    { payment_options: ['dintero.zero'] },
    { payment_options: [] },
    { actions_on_approval: null },
    { case_request: { organizationNumber: '912345678' } },
    { case_request: { organizationNumber: '912345678', countryCode: 'NO' } },
    { case_request: { organizationNumber: ' ' } },
    { case_request: { checks: ['KYC', 'AML'], requireContractSigning: 'yes', referenceId: 'r-1' } },
    { case_for: 'somebody' },
    { case_request: [{ organizationNumber: '1' }] },
    { updated_at: 'yesterday' },
    { updated_at: '2026-10-12T10:00:00' },
  ]);
  world.changeFields({ account, case: caseId }, fields);
};

/** Appends an event of which a field is not as documented; its time can be read. */
const appendOddEvent: Change = (target, caseId) => {
  const time = formatInstant(randomTime(target));
  append(target, caseId, {
    case_status: pick<unknown>(target.random, [7, ['ACTIVE'], 'X'.repeat(201), 'ACTIVE']),
    created_at: pick(target.random, [time, time.replace('Z', ''), time.replace('Z', '+0000')]),
    error: pick<unknown>(target.random, [null, 'failure', { code: 1 }]),
    created: pick<unknown>(target.random, [undefined, 'yes', { case_id: 4 }]),
  });
};

/** All changes; one that stands here twice is made twice as often. */
export const CHANGES: readonly [Change, ...Change[]] = [
  changeStatusOften,
  changeStatusOften,
  changeStatusOften,
  changeStatusOnce,
  changeStatusOnce,
  changeStatusNow,
  changeStatusNow,
  changeStatusWithoutTime,
  reportError,
  addLateEvent,
  addLateEvent,
  deleteEarlier,
  deleteNow,
  undelete,
  rewriteEvent,
  rewriteEvent,
  removeTimes,
  removeEvents,
  changePackage,
  changeType,
  appendOddEvent,
];

/** Changes with times that reports must not believe. */
export const ODD_CHANGES: readonly [Change, ...Change[]] = [...CHANGES, setOddTime, setOddTime];

function append({ world, account }: Target, caseId: string, event: JsonObject): void {
  world.appendEvent({ account, case: caseId }, event);
}

function randomStatus(random: Random): string {
  const known = knownStatuses[Math.floor(random() * knownStatuses.length)] ?? 'ACTIVE';
  return random() < 0.06 ? pick(random, ['PENDING_REGISTRY_UPDATE', 'WAITING_FOR_GODOT']) : known;
}

/** A random time: half of the time around a boundary, never in the future. */
function randomTime(target: Target): Instant {
  const { random } = target;
  const now = nowOf(target);
  const earlier = BOUNDARIES.filter((each) => each <= now);
  const boundary = earlier[Math.floor(random() * earlier.length)];
  if (boundary !== undefined && random() < 0.5)
    return Math.min(boundary + pick(random, [-1, 0, 0, 1, -HOUR / 2, HOUR / 2]), now);
  return now - Math.floor(random() * 200 * 24 * HOUR);
}

function nowOf({ world }: Target): Instant {
  return Date.parse(world.now()) * 1000;
}
