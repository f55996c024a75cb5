import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case, CaseEvent } from '../../src/model/case.ts';
import { transitionsOf, transitionsOfKnown } from '../../src/sync/transitions.ts';

const event = (id: number, status: string | null, createdAt: number | null): CaseEvent => ({ id, status, createdAt });

const told = (events: CaseEvent[], createdAt: number | null = null) =>
  transitionsOf({ createdAt, events }).map((t) => [
    t.fromStatus,
    t.toStatus,
    t.occurredAt,
    t.occurredAtSource,
    t.eventId,
  ]);

describe('transitionsOf', () => {
  it('gives nothing for a case without events or without a status', () => {
    expect(told([])).toEqual([]);
    expect(told([event(1, null, 10)])).toEqual([]);
  });

  it('counts from 1 and begins with no from-status', () => {
    const transitions = transitionsOf({ createdAt: null, events: [event(1, 'A', 10), event(2, 'B', 20)] });
    expect(transitions.map((t) => t.sequence)).toEqual([1, 2]);
    expect(transitions.map((t) => t.fromStatus)).toEqual([null, 'A']);
  });

  it('orders by time before id, and by id where times are equal', () => {
    expect(told([event(1, 'C', 30), event(2, 'A', 10), event(4, 'B2', 20), event(3, 'B1', 20)])).toEqual([
      [null, 'A', 10, 'event', 2],
      ['A', 'B1', 20, 'event', 3],
      ['B1', 'B2', 20, 'event', 4],
      ['B2', 'C', 30, 'event', 1],
    ]);
  });

  it('collapses neighbours of equal status, across events without one, into the first', () => {
    expect(
      told([event(1, 'A', 10), event(2, null, 15), event(3, 'A', 20), event(4, 'B', 30), event(5, 'A', 40)]),
    ).toEqual([
      [null, 'A', 10, 'event', 1],
      ['A', 'B', 30, 'event', 4],
      ['B', 'A', 40, 'event', 5],
    ]);
  });

  it('gives an event without a time the greatest time of smaller ids, those without a status included', () => {
    expect(told([event(1, 'A', 50), event(2, null, 90), event(3, 'B', 20), event(4, 'C', null)])).toEqual([
      [null, 'B', 20, 'event', 3],
      ['B', 'A', 50, 'event', 1],
      ['A', 'C', 90, 'inferred', 4],
    ]);
  });

  it('takes the greatest time of smaller ids also if all are before 1970', () => {
    expect(told([event(1, 'A', -50), event(2, 'B', null), event(3, 'C', -90), event(4, 'D', null)], 7)).toEqual([
      [null, 'C', -90, 'event', 3],
      ['C', 'A', -50, 'event', 1],
      ['A', 'B', -50, 'inferred', 2],
      ['B', 'D', -50, 'inferred', 4],
    ]);
  });

  it('falls back to the time of the case, then to now, which comes last but for the future', () => {
    expect(told([event(1, 'A', null), event(2, 'B', 20)], 5)).toEqual([
      [null, 'A', 5, 'inferred', 1],
      ['A', 'B', 20, 'event', 2],
    ]);
    expect(told([event(1, 'A', null), event(2, 'B', 20)])).toEqual([
      [null, 'B', 20, 'event', 2],
      ['B', 'A', null, 'inferred', 1],
    ]);
    const future = Date.UTC(9999, 11, 31) * 1000;
    const past = Date.UTC(2026, 0, 1) * 1000;
    const events = [event(1, 'A', null), event(2, 'B', past), event(3, 'C', future)];
    const first = told(events);
    expect(first).toEqual([
      [null, 'B', past, 'event', 2],
      ['B', 'A', null, 'inferred', 1],
      ['A', 'C', future, 'event', 3],
    ]);
    // The next time it is read, the order is the same.
    const again = told(events.map((each) => ({ ...each, recordedAt: Date.now() * 1000 })));
    expect(again.map(([from, to]) => [from, to])).toEqual(first.map(([from, to]) => [from, to]));
  });

  it('takes the time of the first recording for an event that has no other, in its place among the others', () => {
    expect(told([{ ...event(1, 'A', null), recordedAt: 15 }, event(2, 'B', 20), event(3, 'C', 10)])).toEqual([
      [null, 'C', 10, 'event', 3],
      ['C', 'A', 15, 'inferred', 1],
      ['A', 'B', 20, 'event', 2],
    ]);
  });

  const events = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: -5, max: 20 }),
      status: fc.constantFrom('A', 'B', 'C', null),
      createdAt: fc.option(fc.integer({ min: 0, max: 9 })),
    }),
    { selector: (e) => e.id },
  );

  it('does not depend on the order of the events, and leaves them as they were', () => {
    fc.assert(
      fc.property(events, fc.option(fc.integer({ min: 0, max: 9 })), (given, createdAt) => {
        const before = structuredClone(given);
        const transitions = transitionsOf({ createdAt, events: given });
        expect(transitionsOf({ createdAt, events: given.toReversed() })).toEqual(transitions);
        expect(given).toEqual(before);
      }),
    );
  });

  it('is a chain: each from-status is the to-status before it, and never equal to its own', () => {
    fc.assert(
      fc.property(events, (given) => {
        const transitions = transitionsOf({ createdAt: null, events: given });
        for (const [index, transition] of transitions.entries()) {
          expect(transition.fromStatus).toBe(transitions[index - 1]?.toStatus ?? null);
          expect(transition.toStatus).not.toBe(transition.fromStatus);
        }
        expect(transitions.length > 0).toBe(given.some((e) => e.status !== null));
      }),
    );
  });
});

describe('transitionsOfKnown', () => {
  const known = (events: CaseEvent[]): Case => ({
    id: '',
    createdAt: null,
    events,
    document: Buffer.alloc(0),
    problems: [],
    hasErrors: false,
    readable: null,
  });

  it('asks for no recording times while every transition has a time', async () => {
    const read = known([event(1, 'A', 10), event(2, null, null), event(3, 'B', null)]);
    const transitions = await transitionsOfKnown(read, () => expect.unreachable());
    expect(transitions).toEqual(transitionsOf(read));
  });

  it('gives an event without any time that of its first recording, and leaves a new one for now', async () => {
    const read = known([event(1, 'A', null), event(2, 'B', null), event(3, 'C', 10)]);
    const transitions = await transitionsOfKnown(read, async () => new Map([[1, 15]]));
    expect(transitions.map((t) => [t.toStatus, t.occurredAt, t.occurredAtSource])).toEqual([
      ['C', 10, 'event'],
      ['A', 15, 'inferred'],
      ['B', null, 'inferred'],
    ]);
  });
});
