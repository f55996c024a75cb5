import { describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../src/sandbox/accounts.ts';
import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { World } from '../../src/sandbox/world.ts';

const account = 'P12345678';
const start = '2026-06-01T06:00:00.000Z';
const worldOf = (options: { seed?: number; cases?: number } = {}): World =>
  new World({ seed: 1, start, cases: 40, accounts: defaultAccounts, ...options });
const textOf = (world: World, accountId = account) => JSON.stringify(world.documents(accountId));
const eventIds = (document: JsonObject) => eventsOf(document).map((event) => Number(event.id));
const sortedIds = (document: JsonObject) => eventIds(document).sort((one, other) => one - other);

describe('the world', () => {
  it('is byte for byte the same for the same seed, and differs for another', () => {
    expect(textOf(worldOf())).toBe(textOf(worldOf()));
    expect(textOf(worldOf({ seed: 2 }))).not.toBe(textOf(worldOf()));
  });

  it('is the same whether the time advances at once or in many steps', () => {
    const [once, often] = [worldOf(), worldOf()];
    once.advance({ hours: 240 });
    for (let step = 0; step < 480; step += 1) often.advance({ hours: 0.5 });
    expect(often.now()).toBe('2026-06-11T06:00:00.000Z');
    for (const { id } of defaultAccounts) expect(textOf(often, id)).toBe(textOf(once, id));
    expect(often.vanish({ account })).toBe(once.vanish({ account }));
  });

  it('makes a planned change at its time, whether the time advances at once or in steps', () => {
    const [once, often] = [worldOf(), worldOf()];
    const seen: string[] = [];
    for (const world of [once, often]) {
      world.plan('2026-06-02T07:30:00.000Z', () => {
        seen.push(world.now());
        world.appendEvent({ account });
      });
    }
    once.advance({ hours: 48 });
    for (let step = 0; step < 48; step += 1) often.advance({ hours: 1 });
    expect(seen).toEqual(['2026-06-02T07:30:00.000Z', '2026-06-02T07:30:00.000Z']);
    expect(textOf(often)).toBe(textOf(once));
  });

  it('has companies that apply again only if it is asked for', () => {
    const numbersOf = (hasReapplications: boolean) =>
      new World({ seed: 1, start, cases: 200, accounts: defaultAccounts, hasReapplications })
        .documents(account)
        .map(({ case_request }) => (case_request as JsonObject).organizationNumber);
    expect(new Set(numbersOf(false)).size).toBe(200);
    expect(new Set(numbersOf(true)).size).toBe(200 - 17);
  });

  it('has different cases in every account, each id once', () => {
    const world = worldOf();
    const ids = ['P12345678', 'T12345678', 'P11200001', 'P11200002'].flatMap((id) => world.caseIds(id));
    expect(new Set(ids).size).toBe(160);
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
  });

  it.each([1, 2, 99])('has all ten statuses, an unknown one and none in every account for seed %i', (seed) => {
    const world = worldOf({ seed });
    for (const { id } of defaultAccounts) {
      expect(new Set(world.documents(id).map(statusOf))).toEqual(
        new Set([
          'WAITING_FOR_DETAILS',
          'WAITING_FOR_DECLARATION',
          'WAITING_FOR_SIGNATURE',
          'AUTOMATIC_REVIEW',
          'UNDER_MANUAL_REVIEW',
          'ACTIVE',
          'DECLINED',
          'TERMINATED',
          'ARCHIVED',
          'ERROR',
          'PENDING_REGISTRY_UPDATE',
          null,
        ]),
      );
    }
  });

  it('gets new cases and changes old ones within a month, and loses none', () => {
    const world = worldOf();
    const before = new Map(world.documents(account).map((document) => [document.id, JSON.stringify(document)]));
    world.advance({ hours: 30 * 24 });
    const after = new Map(world.documents(account).map((document) => [document.id, JSON.stringify(document)]));
    expect(after.size).toBe(160);
    const old = [...before].map(([id, text]) => ({ text, now: after.get(id) }));
    expect(old.every(({ now }) => now !== undefined)).toBe(true);
    expect(old.filter(({ text, now }) => now !== text).length).toBeGreaterThan(3);
    expect(old.filter(({ text, now }) => now === text).length).toBeGreaterThan(10);
  });

  it('adds only events with larger ids to a case, and removes none', () => {
    const world = worldOf();
    const before = new Map(world.documents(account).map((document) => [document.id, sortedIds(document)]));
    world.advance({ hours: 60 * 24 });
    for (const document of world.documents(account)) {
      const known = before.get(document.id) ?? [];
      expect(sortedIds(document).slice(0, known.length)).toEqual(known);
    }
  });

  it('has the irregularities that the API allows', () => {
    const documents = worldOf().documents(account);
    const events = documents.flatMap((document) => eventsOf(document));
    const isAscending = (ids: number[]) => ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0));
    const hasTie = (document: JsonObject) => {
      const times = eventsOf(document).map((event) => event.created_at);
      return new Set(times).size < times.length;
    };
    expect(documents.some((document) => !isAscending(eventIds(document)))).toBe(true);
    expect(documents.some((document) => eventIds(document).length === 0)).toBe(true);
    expect(documents.some((document) => !('created_at' in document))).toBe(true);
    expect(documents.some((document) => typeof document.deleted_at === 'string')).toBe(true);
    expect(documents.some((document) => document.deleted_at === null)).toBe(true);
    expect(documents.some(hasTie)).toBe(true);
    expect(events.some((event) => !('created_at' in event))).toBe(true);
    expect(events.some((event) => !('case_status' in event))).toBe(true);
    expect(events.some((event) => typeof event.error === 'string')).toBe(true);
  });

  it('lists some events long after they happened', () => {
    const world = worldOf();
    const seen = new Set<string>();
    const newEvents = () =>
      world.documents(account).flatMap((document) =>
        eventsOf(document).filter((event) => {
          const isNew = !seen.has(`${document.id} ${event.id}`);
          seen.add(`${document.id} ${event.id}`);
          return isNew;
        }),
      );
    newEvents();
    const late: JsonObject[] = [];
    for (let day = 0; day < 60; day += 1) {
      const before = Date.parse(world.now());
      world.advance({ hours: 24 });
      late.push(...newEvents().filter((event) => Date.parse(String(event.created_at)) < before));
    }
    expect(late.length).toBeGreaterThan(3);
  });

  it("lists a partner's cases under its merchants' account ids, some of them the merchants' own", () => {
    const world = worldOf();
    const owners = new Set(world.documents('P11200000').map((document) => document.account_id));
    expect([...owners].sort()).toEqual(['P11200001', 'P11200002', 'P11200003']);
    const merchants = ['P11200001', 'P11200002', 'P11200003'].flatMap((id) => world.documents(id));
    const texts = new Set(merchants.map((document) => JSON.stringify(document)));
    expect(world.documents('P11200000').filter((document) => texts.has(JSON.stringify(document))).length).toBe(4);
  });

  it('has about 3 KB and two to six events per case', () => {
    const documents = worldOf({ cases: 2000 }).documents(account);
    const bytes = documents.reduce((sum, document) => sum + JSON.stringify(document).length, 0) / documents.length;
    const events = documents.reduce((sum, document) => sum + eventIds(document).length, 0) / documents.length;
    expect(bytes).toBeGreaterThan(2500);
    expect(bytes).toBeLessThan(4000);
    expect(events).toBeGreaterThan(2);
    expect(events).toBeLessThan(6.5);
  });

  it('rejects an invalid start, negative hours, and unknown accounts and cases', () => {
    const world = worldOf();
    expect(() => new World({ seed: 1, start: 'now', cases: 1, accounts: defaultAccounts })).toThrow('"now"');
    expect(() => world.advance({ hours: -1 })).toThrow('-1 hours');
    expect(() => world.documents('P99999999')).toThrow('no account P99999999');
    expect(() => world.vanish({ account, case: '00000000-0000-4000-8000-000000000000' })).toThrow('has no case 0000');
    expect(() => world.vanish({ account, case: 'nonsense' })).toThrow('has no case nonsense');
    expect(() => world.bringBack({ account })).toThrow('no case out of its list');
  });

  it('can be empty', () => {
    const world = worldOf({ cases: 0 });
    expect(world.documents(account)).toEqual([]);
    expect(() => world.vanish({ account })).toThrow('no case in its list');
    world.advance({ hours: 24 });
    expect(world.documents(account).length).toBe(4);
  });
});
