import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../src/model/notice.ts';
import { DAY_MS, nextEvents, nextStep, SETTLE_MS, type Sighting, settleMs } from '../../src/notify/state-machine.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 9, 24, 12);

const sighting = (state: Sighting['state'], newItems = 0, cause: string | null = null): Sighting => ({
  state,
  since: new Date(START),
  newItems,
  cause,
});

/** Plays sightings, each some minutes after the one before. Returns what was told, with its minute. */
function play(steps: readonly { minutes: number; seen: Sighting }[]) {
  let notice: Notice | null = null;
  let minute = 0;
  const told: { phase: string; minute: number }[] = [];
  for (const { minutes, seen } of steps) {
    minute += minutes;
    const step = nextStep(notice, seen, new Date(START + minute * MINUTE_MS));
    notice = step.notice;
    if (step.phase !== null) told.push({ phase: step.phase, minute });
  }
  return { told, notice, minute };
}

const history = fc.array(
  fc.record({
    minutes: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 3 * 1440 })),
    seen: fc
      .tuple(fc.constantFrom('on', 'on', 'off', 'unsure', 'unwatched'), fc.constantFrom(0, 0, 1))
      .map(([state, newItems]) => sighting(state, newItems)),
  }),
  { maxLength: 80 },
);

describe('a state', () => {
  test('is told once when it begins, after a day, then every week, and once when it is over', () => {
    const steps = [
      ...Array.from({ length: 15 * 24 }, () => ({ minutes: 60, seen: sighting('on') })),
      ...Array.from({ length: 48 }, () => ({ minutes: 60, seen: sighting('off') })),
    ];
    const { told, notice } = play(steps);
    const day = 1440;
    expect(told).toEqual([
      { phase: 'began', minute: 60 },
      { phase: 'still', minute: 60 + day },
      { phase: 'still', minute: 60 + 8 * day },
      { phase: 'over', minute: 15 * day + 120 },
    ]);
    expect(notice).toBeNull();
  });

  test('tells new cases a day after the last message, and not before', () => {
    const steps = Array.from({ length: 60 }, () => ({ minutes: 60, seen: sighting('on', 1) }));
    expect(play(steps).told).toEqual([
      { phase: 'began', minute: 60 },
      { phase: 'more', minute: 60 + 1440 },
      { phase: 'more', minute: 60 + 2880 },
    ]);
  });

  test('never begins twice without an end in between, and no end has no beginning', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let isOn = false;
        for (const { phase } of play(steps).told) {
          if (phase === 'began') {
            expect(isOn).toBe(false);
            isOn = true;
          } else {
            expect(isOn).toBe(true);
            if (phase === 'over' || phase === 'unwatched') isOn = false;
          }
        }
      }),
    );
  });

  test('is told over once it has not been so for long enough, whatever came before', () => {
    fc.assert(
      fc.property(history, fc.constantFrom('off', 'unwatched'), (steps, end) => {
        const last = Array.from({ length: 3 * 24 * 12 }, () => ({ minutes: 5, seen: sighting(end) }));
        const { told, notice } = play([...steps, ...last]);
        const begun = told.filter(({ phase }) => phase === 'began').length;
        const over = told.filter(({ phase }) => phase === 'over' || phase === 'unwatched').length;
        expect(over).toBe(begun);
        expect(notice).toBeNull();
      }),
    );
  });

  test('is told at the first sight of it unless its end is waited for', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { told, notice } = play([...steps, { minutes: 1, seen: sighting('on') }]);
        expect(notice?.endedAt).toBeNull();
        expect(told.length).toBeGreaterThan(0);
      }),
    );
  });

  test('that comes and goes every minute, or every hour, is told less than 20 times in ten days', () => {
    for (const minutes of [1, 7, 16, 20, 60, 130]) {
      // Seen every minute, as by the worker: only then does an end last as long as the state is away.
      const steps = Array.from({ length: 10 * 1440 }, (_, minute) => ({
        minutes: 1,
        seen: sighting(Math.floor(minute / minutes) % 2 === 0 ? 'on' : 'off'),
      }));
      expect(play(steps).told.length).toBeLessThan(20);
    }
  });

  test('does not begin by what is unsure, and does not end by it', () => {
    expect(play([{ minutes: 1, seen: sighting('unsure') }])).toMatchObject({ told: [], notice: null });
    const steps = [
      { minutes: 1, seen: sighting('on') },
      ...Array.from({ length: 100 }, () => ({ minutes: 5, seen: sighting('unsure') })),
    ];
    expect(play(steps).told).toEqual([{ phase: 'began', minute: 1 }]);
  });

  test('of a time when the clock was ahead does not silence what comes after it was set back', () => {
    const ahead = new Date(START + 400 * DAY_MS);
    const { notice } = nextStep(null, sighting('on'), ahead);
    const back = nextStep(notice, sighting('on'), new Date(START));
    expect(back.notice?.toldAt).toEqual(new Date(START));
    const later = nextStep(back.notice, sighting('on'), new Date(START + DAY_MS));
    expect(later.phase).toBe('still');
    const ending = nextStep(later.notice, sighting('off'), ahead);
    const over = nextStep({ ...begunNotice(ending.notice) }, sighting('off'), new Date(START + 2 * DAY_MS));
    expect(over.notice?.endingSince).toEqual(new Date(START + 2 * DAY_MS));
  });

  test('is told again for a cause that is new, once for each, also when causes alternate', () => {
    const on = (cause: string | null) => ({ minutes: 5, seen: sighting('on', 0, cause) });
    const causes = [null, 'AUTH', null, 'AUTH', 'FORBIDDEN', 'AUTH', 'FORBIDDEN'];
    expect(play(causes.map(on)).told).toEqual([5, 10, 25].map((minute) => ({ phase: 'began', minute })));
    const ended = [...causes.map(on), { minutes: 5, seen: sighting('off') }, { minutes: 20, seen: sighting('off') }];
    expect(play([...ended, on('AUTH')]).told.slice(-2)).toMatchObject([{ phase: 'over' }, { phase: 'began' }]);
  });

  test('that an earlier version told without its cause is not told again', () => {
    const { notice } = nextStep(null, sighting('on', 0, 'AUTH'), new Date(START));
    const old = { ...begunNotice(notice), causes: null };
    const next = nextStep(old, sighting('on', 0, 'AUTH'), new Date(START + MINUTE_MS));
    expect(next).toMatchObject({ phase: null, notice: { causes: ['AUTH'] } });
    expect(nextStep(next.notice, sighting('on', 0, 'FORBIDDEN'), new Date(START + MINUTE_MS)).phase).toBe('began');
  });

  test('takes longer to be over each time it comes back, a day at most', () => {
    expect([1, 2, 3, 4, 5, 99].map((times) => settleMs(times) / SETTLE_MS)).toEqual([1, 4, 16, 64, 96, 96]);
  });
});

function begunNotice(notice: Notice | null): Notice {
  if (notice === null) throw new Error('nothing has begun');
  return notice;
}

describe('things that happen', () => {
  const at = (minutes: number) => new Date(START + minutes * MINUTE_MS);

  test('are not told when a rule is new, then at once, then at most once an hour', () => {
    const first = nextEvents(null, sighting('on', 1), at(0));
    expect(first).toMatchObject({ phase: null, notice: { toldAt: at(0) } });
    const told = nextEvents(first.notice, sighting('on', 1), at(1));
    expect(told).toMatchObject({ phase: 'began', notice: { toldAt: at(1) } });
    expect(nextEvents(told.notice, sighting('on', 1), at(60)).phase).toBeNull();
    expect(nextEvents(told.notice, sighting('on', 0), at(61)).phase).toBeNull();
    expect(nextEvents(told.notice, sighting('unwatched', 1), at(61)).phase).toBeNull();
    expect(nextEvents(told.notice, sighting('on', 1), at(61)).phase).toBe('began');
  });
});
