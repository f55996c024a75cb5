// What happens in a sandbox between two runs, so that histories have everything a report can stumble over.
import { eventsOf } from '../../../src/sandbox/case-events.ts';
import type { JsonObject } from '../../../src/sandbox/json.ts';
import { between, pick, type Random } from '../../../src/sandbox/random.ts';
import type { World } from '../../../src/sandbox/world.ts';
import { HOUR, type Instant, instantOf, SECOND, writtenOf } from './reference/instant.ts';
import { knownStatuses } from './reference/statuses.ts';

/** Midnights around the changes of the clock, in Oslo, St John's and Kathmandu, and the changes themselves. */
const EDGES = [
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
].flatMap((text) => instantOf(text) ?? []);

type Stage = { world: World; account: string; random: Random };
type Act = (stage: Stage, caseId: string) => void;

/** Lets so many things happen to cases that are in the account's list. */
export function stir(world: World, { account, random, acts }: { account: string; random: Random; acts: number }): void {
  for (let count = 0; count < acts; count += 1) {
    const ids = world.caseIds(account);
    const caseId = ids[Math.floor(random() * ids.length)];
    if (caseId !== undefined) pick(random, ACTS)({ world, account, random }, caseId);
  }
}

/** Takes cases out of the list and brings some of those back that were taken out before. */
export function comeAndGo(
  world: World,
  { account, random, gone }: { account: string; random: Random; gone: string[] },
): void {
  for (const caseId of gone.splice(0, between(random, 0, 2))) world.bringBack({ account, case: caseId });
  for (let count = between(random, 1, 3); count > 0; count -= 1) {
    const ids = world.caseIds(account);
    const caseId = ids[Math.floor(random() * ids.length)];
    if (caseId !== undefined) gone.push(world.vanish({ account, case: caseId }));
  }
}

/** Gives times to what has none, so that nothing takes its time from when it was recorded. */
export function tellTimes(world: World, account: string): void {
  const ids = new Set(world.caseIds(account));
  for (const document of world.documents(account)) {
    // What was appended is as it is.
    if (!ids.has(String(document.id))) continue;
    const [first] = eventsOf(document).toSorted((one, other) => Number(one.id) - Number(other.id));
    if (typeof document.created_at === 'string' || typeof first?.created_at === 'string') continue;
    world.edit({ account, case: String(document.id) }, (told) => {
      told.created_at = world.now();
    });
  }
}

/** Several changes of status within hours, some at one and the same time. */
const changeOften: Act = (stage, caseId) => {
  let at = somewhen(stage);
  for (let count = between(stage.random, 2, 5); count > 0; count -= 1) {
    append(stage, caseId, { case_status: someStatus(stage.random), created_at: writtenOf(at) });
    at = Math.min(at + pick(stage.random, [0, 0, 1, 20 * SECOND, HOUR, 5 * HOUR]), nowOf(stage));
  }
};

const changeOnce: Act = (stage, caseId) =>
  append(stage, caseId, { case_status: someStatus(stage.random), created_at: writtenOf(somewhen(stage)) });

const changeNow: Act = ({ world, account, random }, caseId) => {
  world.appendEvent({ account, case: caseId }, { case_status: someStatus(random) });
};

const changeWithoutTime: Act = (stage, caseId) =>
  append(stage, caseId, { case_status: someStatus(stage.random), created_at: pick(stage.random, [null, undefined]) });

const fail: Act = (stage, caseId) =>
  append(stage, caseId, {
    error: `failure ${between(stage.random, 1, 99)}`,
    case_status: pick(stage.random, ['ERROR', null, undefined]),
    created_at: pick(stage.random, [writtenOf(somewhen(stage)), writtenOf(somewhen(stage)), null]),
  });

const tellLate: Act = ({ world, account, random }, caseId) => {
  const id = pick(random, ['smaller', 'larger'] as const);
  world.addLateEvent({ account, case: caseId }, { id, hours: between(random, 0, 50), status: someStatus(random) });
};

const remove: Act = (stage, caseId) => {
  stage.world.changeFields({ account: stage.account, case: caseId }, { deleted_at: writtenOf(somewhen(stage)) });
};

const removeNow: Act = ({ world, account }, caseId) => {
  world.deleteCase({ account, case: caseId });
};

const restore: Act = ({ world, account, random }, caseId) => {
  world.edit({ account, case: caseId }, (document) => {
    document.deleted_at = pick(random, [null, undefined]);
  });
};

/** An event is told otherwise than before, or no more. */
const retell: Act = (stage, caseId) => {
  const { world, account, random } = stage;
  world.edit({ account, case: caseId }, (document) => {
    const events = eventsOf(document);
    const event = events[Math.floor(random() * events.length)];
    if (event === undefined) return;
    const kind = pick(random, ['status', 'time', 'gone', 'first'] as const);
    if (kind === 'status') event.case_status = someStatus(random);
    if (kind === 'time') event.created_at = writtenOf(somewhen(stage));
    if (kind === 'gone') document.events = events.filter((each) => each !== event);
    if (kind === 'first') document.events = [event, ...events.filter((each) => each !== event)];
  });
};

/** Nothing says when the case or its events were. */
const forgetTimes: Act = ({ world, account, random }, caseId) => {
  world.edit({ account, case: caseId }, (document) => {
    delete document.created_at;
    if (random() < 0.5) for (const event of eventsOf(document)) delete event.created_at;
  });
};

const forgetEvents: Act = ({ world, account }, caseId) => {
  world.edit({ account, case: caseId }, (document) => {
    document.events = [];
  });
};

const rename: Act = ({ world, account, random }, caseId) => {
  world.changeFields({ account, case: caseId }, { package: `package ${between(random, 1, 9)}` });
};

const ACTS: readonly [Act, ...Act[]] = [
  changeOften,
  changeOften,
  changeOften,
  changeOnce,
  changeOnce,
  changeNow,
  changeNow,
  changeWithoutTime,
  fail,
  tellLate,
  tellLate,
  remove,
  removeNow,
  restore,
  retell,
  retell,
  forgetTimes,
  forgetEvents,
  rename,
];

function append({ world, account }: Stage, caseId: string, event: JsonObject): void {
  world.appendEvent({ account, case: caseId }, event);
}

function someStatus(random: Random): string {
  const known = knownStatuses[Math.floor(random() * knownStatuses.length)] ?? 'ACTIVE';
  return random() < 0.06 ? pick(random, ['PENDING_REGISTRY_UPDATE', 'WAITING_FOR_GODOT']) : known;
}

/** Some time in the history: often close to where a day ends, and never in the future. */
function somewhen(stage: Stage): Instant {
  const { random } = stage;
  const now = nowOf(stage);
  const past = EDGES.filter((edge) => edge <= now);
  const edge = past[Math.floor(random() * past.length)];
  if (edge !== undefined && random() < 0.5)
    return Math.min(edge + pick(random, [-1, 0, 0, 1, -HOUR / 2, HOUR / 2]), now);
  return now - Math.floor(random() * 200 * 24 * HOUR);
}

function nowOf({ world }: Stage): Instant {
  return Date.parse(world.now()) * 1000;
}
