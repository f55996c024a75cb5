import { describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../src/sandbox/accounts.ts';
import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { planRestatements, type Restatement } from '../../src/sandbox/restatements.ts';
import { World } from '../../src/sandbox/world.ts';

const accountId = 'P12345678';
const DAY = 24 * 3_600_000;

/** A world whose past is restated, and what it told. */
function restatedWorld({ start = '2026-06-03T06:00:00.000Z', seed = 1 } = {}) {
  const world = new World({ seed, start, cases: 200, accounts: defaultAccounts });
  const told: Restatement[] = [];
  planRestatements(world, { accountId, start }, (restatement) => told.push(restatement));
  return { world, told };
}

const caseOf = (world: World, { caseId }: Restatement): JsonObject =>
  world.documents(accountId).find(({ id }) => id === caseId) ?? {};
const eventTimes = (document: JsonObject) => eventsOf(document).map(({ created_at }) => Date.parse(String(created_at)));

describe('restatements', () => {
  it('are a late event, a corrected status and a corrected time in the first six hours', () => {
    const { world, told } = restatedWorld();
    const before = world.documents(accountId);
    world.advance({ hours: 6 });
    const [late, turned, moved] = told.map((each) => ({
      before: before.find(({ id }) => id === each.caseId) ?? {},
      after: caseOf(world, each),
    }));
    expect(told).toHaveLength(3);
    if (late === undefined || moved === undefined || turned === undefined) return;

    expect(eventsOf(late.after)).toHaveLength(eventsOf(late.before).length + 1);
    const added = Date.parse(String(eventsOf(late.after).at(-1)?.created_at));
    expect(added).toBeLessThan(Math.max(...eventTimes(late.before)));
    expect(Date.parse(world.now()) - added).toBeGreaterThan(4 * DAY);
    expect(statusOf(late.after)).toBe('ACTIVE');

    expect(Math.max(...eventTimes(moved.after)) - Math.max(...eventTimes(moved.before))).toBe(20 * 3_600_000);
    expect(eventsOf(moved.after)).toHaveLength(eventsOf(moved.before).length);

    expect([turned.before, turned.after].map(statusOf)).toEqual(['DECLINED', 'ACTIVE']);
    expect(eventTimes(turned.after)).toEqual(eventTimes(turned.before));
  });

  it('come again every day, to other cases', () => {
    const { world, told } = restatedWorld();
    world.advance({ hours: 54 });
    expect(told.length).toBeGreaterThan(6);
    expect(new Set(told.map(({ caseId }) => caseId)).size).toBe(told.length);
  });

  it('are the same after a restart, in whatever steps the clock gets there', () => {
    const [once, often] = [restatedWorld(), restatedWorld()];
    once.world.advance({ hours: 30 });
    for (let step = 0; step < 300; step += 1) often.world.advance({ hours: 0.1 });
    expect(often.told).toEqual(once.told);
    expect(often.world.documents(accountId)).toEqual(once.world.documents(accountId));
  });

  it.each(['2026-01-01T00:00:00.000Z', '2026-03-08T22:00:00.000Z', '2028-02-29T12:00:00.000Z'])(
    'find their cases in a world that begins at %s',
    (start) => {
      const { world, told } = restatedWorld({ start });
      world.advance({ hours: 6 });
      expect(told).toHaveLength(3);
    },
  );
});
