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
const byId = (world: World, id: string) => world.documents(account).find((document) => document.id === id);
const eventIds = (document: JsonObject) => eventsOf(document).map((event) => Number(event.id));

describe('an edit', () => {
  it('changes the named case only', () => {
    const world = worldOf();
    const before = world.documents(account);
    const id = world.caseIds(account)[17] ?? '';
    expect(world.appendEvent({ account, case: id }, { case_status: 'TERMINATED' })).toBe(id);
    const changed = world
      .documents(account)
      .filter((document, index) => JSON.stringify(document) !== JSON.stringify(before[index]));
    expect(changed.map((document) => document.id)).toEqual([id]);
    expect(changed.map(statusOf)).toEqual(['TERMINATED']);
  });

  it('without a case id changes a case chosen by the seed, not always the same', () => {
    const chosen = (world: World) => Array.from({ length: 5 }, () => world.appendEvent({ account }));
    expect(chosen(worldOf())).toEqual(chosen(worldOf()));
    expect(new Set(chosen(worldOf())).size).toBeGreaterThan(2);
  });

  it('can append an event with the next id, the current time and a new status', () => {
    const world = worldOf();
    const id = world.caseIds(account)[4] ?? '';
    const before = byId(world, id) ?? {};
    world.appendEvent({ account, case: id });
    const after = byId(world, id) ?? {};
    const added = eventsOf(after).at(-1) ?? {};
    expect(eventsOf(after).slice(0, -1)).toEqual(eventsOf(before));
    expect(added.id).toBe(Math.max(...eventIds(before)) + 1);
    expect(added.created_at).toBe(world.now());
    expect(statusOf(after)).not.toBe(statusOf(before));
  });

  it.each(['larger', 'smaller'] as const)('can add a late event, older than all others, with a %s id', (id) => {
    const world = worldOf();
    const caseId = world.addLateEvent({ account, case: world.caseIds(account)[4] ?? '' }, { id, status: 'ERROR' });
    const events = eventsOf(byId(world, caseId) ?? {});
    const late = events.at(-1) ?? {};
    const others = events.slice(0, -1);
    const times = others.flatMap(({ created_at }) => (typeof created_at === 'string' ? [Date.parse(created_at)] : []));
    const ids = others.map((event) => Number(event.id));
    expect(late.case_status).toBe('ERROR');
    expect(Date.parse(String(late.created_at))).toBeLessThan(Math.min(...times));
    expect(id === 'larger' ? Number(late.id) > Math.max(...ids) : Number(late.id) < Math.min(...ids)).toBe(true);
  });

  it('can change fields, delete, remove, bring back unchanged, and repeat a case', () => {
    const world = worldOf();
    const id = world.changeFields({ account }, { package: 'gold' });
    expect(byId(world, id)?.package).toBe('gold');
    world.deleteCase({ account, case: id });
    expect(byId(world, id)?.deleted_at).toBe(world.now());
    const before = textOf(world);
    world.vanish({ account, case: id });
    expect(byId(world, id)).toBeUndefined();
    expect(world.documents(account).length).toBe(39);
    expect(world.caseIds(account)).not.toContain(id);
    expect(world.bringBack({ account })).toBe(id);
    expect(textOf(world)).toBe(before);
    world.repeat({ account, case: id }, 3);
    const repeated = world.documents(account).filter((document) => document.id === id);
    expect(repeated.map((document) => JSON.stringify(document))).toEqual(
      Array(3).fill(JSON.stringify(byId(world, id))),
    );
  });

  it('can reorder keys without changing values', () => {
    const world = worldOf();
    const before = byId(world, world.caseIds(account)[3] ?? '') ?? {};
    const id = world.reorderKeys({ account, case: world.caseIds(account)[3] ?? '' });
    expect(byId(world, id)).toEqual(before);
    expect(JSON.stringify(byId(world, id))).not.toBe(JSON.stringify(before));
    const all = [world.documents(account), textOf(world)] as const;
    world.reorderAllKeys(account);
    expect(world.documents(account)).toEqual(all[0]);
    expect(textOf(world)).not.toBe(all[1]);
    world.reorderAllKeys(account);
    expect(textOf(world)).toBe(all[1]);
  });

  it('ends the timeline of its case: edited cases stay as they are, new ones are still created', () => {
    const world = worldOf();
    const edited = worldOf();
    const ids = edited.caseIds(account);
    for (const id of ids) edited.changeFields({ account, case: id }, {});
    const before = edited.documents(account);
    edited.advance({ hours: 60 * 24 });
    world.advance({ hours: 60 * 24 });
    expect(edited.documents(account).slice(0, 40)).toEqual(before);
    expect(edited.documents(account).slice(40)).toEqual(world.documents(account).slice(40));
  });

  it('is not undone by changing a returned document', () => {
    const world = worldOf();
    const id = world.changeFields({ account }, { package: 'gold' });
    const returned = byId(world, id) ?? {};
    returned.package = 'lead';
    expect(byId(world, id)?.package).toBe('gold');
  });

  it('can append raw items, which count as documents if they are JSON objects', () => {
    const world = worldOf({ cases: 1 });
    world.appendItem(account, '{"id":"x"}');
    world.appendItem(account, '{"id":');
    expect(world.documents(account).slice(1)).toEqual([{ id: 'x' }]);
  });
});
