import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/model/sync-error.ts';
import { planChanges } from '../../src/notify/plan.ts';
import type { AccountFacts } from '../../src/store/notices/accounts.ts';
import type { NoticeRow } from '../../src/store/notices/notices.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 9, 24, 12);

type Seen = { minutes: number; isStale?: boolean; failures?: number; code?: ErrorCode; isPaused?: boolean };

/** Judges one account step by step, for a channel with both kinds and one that asks only for late accounts. */
function play(steps: readonly Seen[], onStep: (told: string[], stored: NoticeRow[]) => void = () => {}) {
  let now = START;
  let stored: NoticeRow[] = [];
  let failingSince: Date | null = null;
  const all: string[] = [];
  for (const { minutes, isStale = false, failures = 0, code = 'NETWORK', isPaused = false } of steps) {
    now += minutes * MINUTE_MS;
    failingSince = failures === 0 ? null : (failingSince ?? new Date(now));
    const failureCode = failures === 0 ? null : code;
    const seen = { ...ACCOUNT_FACTS, isPaused, isStale, failures, failingSince, failureCode };
    const changes = planChanges(SUBSCRIPTIONS, { facts: [seen], cases: [], stored, now: new Date(now) });
    const isChanged = (row: NoticeRow) => changes.some((one) => one.channel === row.channel && one.kind === row.kind);
    stored = [...stored.filter((row) => !isChanged(row)), ...changes.flatMap(({ after }) => after ?? [])];
    const told = changes.flatMap(({ channel, kind, phase }) => (phase === null ? [] : [`${channel} ${kind} ${phase}`]));
    all.push(...told);
    onStep(told, stored);
  }
  return all;
}

const ACCOUNT_FACTS: AccountFacts = {
  accountId: 'P12345678',
  enabled: true,
  isPaused: false,
  isStale: false,
  dueAt: new Date(START),
  failures: 0,
  failingSince: null,
  failureCode: null,
  heldBack: 0,
  heldBackSince: null,
  isUnreadable: false,
  rejected: 0,
  rejectedSince: null,
  unknown: 0,
  unknownStatus: null,
  digest: null,
  linkedAt: null,
};

const SUBSCRIPTIONS = [
  { channel: 'ops', kind: 'account_stale' as const, accounts: null },
  { channel: 'ops', kind: 'run_failing' as const, accounts: null },
  { channel: 'boss', kind: 'account_stale' as const, accounts: null },
];

const ofOps = (told: readonly string[]) =>
  told.filter((line) => line.startsWith('ops ')).map((line) => line.slice('ops '.length));

const REFUSED = { isStale: false, failures: 1, code: 'AUTH' as const };

describe('of an account that fails and is late', () => {
  test('a channel is told that it fails, and only that; one that asks for late accounts is told of those', () => {
    const told = play([
      { minutes: 1, ...REFUSED },
      { minutes: 15, ...REFUSED, isStale: true },
      { minutes: 15 },
      { minutes: 15 },
    ]);
    expect(ofOps(told)).toEqual(['run_failing began', 'run_failing over']);
    expect(told.filter((line) => line.startsWith('boss '))).toEqual([
      'boss account_stale began',
      'boss account_stale over',
    ]);
    expect(ofOps(play([{ minutes: 1, ...REFUSED, isStale: true }]))).toEqual(['run_failing began']);
  });

  test('it is told that it is late once the failures are over, if it still is', () => {
    const told = play([
      { minutes: 1, ...REFUSED, isStale: true },
      { minutes: 1, isStale: true },
      { minutes: 14, isStale: true },
      { minutes: 1, isStale: true },
      { minutes: 1 },
      { minutes: 15 },
    ]);
    expect(ofOps(told)).toEqual(['run_failing began', 'account_stale began', 'run_failing over', 'account_stale over']);
  });

  test('a failure that the message about a late account named is not told again, but a refusal is', () => {
    const failing = { isStale: true, failures: 2 };
    const late = [
      { minutes: 1, failures: 1 },
      { minutes: 5, ...failing },
      { minutes: 5, ...failing, failures: 3 },
    ];
    const end = [{ minutes: 1 }, { minutes: 15 }];
    expect(ofOps(play([...late, ...end]))).toEqual(['account_stale began', 'account_stale over']);
    expect(ofOps(play([...late, { minutes: 1, ...REFUSED, isStale: true }, ...end]))).toEqual([
      'account_stale began',
      'run_failing began',
      'run_failing over',
    ]);
  });

  test('no channel has both at once, nor neither while one is so, nor an end of something it was not told', () => {
    const step = fc.record({
      minutes: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 3 * 1440 })),
      isStale: fc.boolean(),
      failures: fc.constantFrom(0, 0, 1, 3, 4),
      code: fc.constantFrom<ErrorCode[]>('NETWORK', 'AUTH'),
      isPaused: fc.constantFrom(false, false, false, true),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const open = new Set<string>();
        let index = 0;
        const onStep = (told: string[], stored: NoticeRow[]) => {
          const lines = ofOps(told).map((line) => line.split(' '));
          for (const [kind = '', phase] of lines) {
            if (phase !== 'began') expect(open.has(kind)).toBe(true);
            if (phase === 'over' || phase === 'unwatched') open.delete(kind);
          }
          for (const [kind = '', phase] of lines) {
            if (phase !== 'began') continue;
            if (kind === 'run_failing') open.clear();
            open.add(kind);
          }
          const lasting = stored.filter(({ channel, endedAt }) => channel === 'ops' && endedAt === null);
          expect(lasting.map(({ kind }) => kind)).toEqual([...open]);
          expect(open.size).toBeLessThan(2);
          const seen = steps[index];
          const isBad = seen?.isStale || (seen?.failures ?? 0) > 2;
          if (isBad && !seen?.isPaused) expect(open.size).toBe(1);
          index += 1;
        };
        play([...steps, ...Array.from({ length: 3 * 24 * 4 }, () => ({ minutes: 15 }))], onStep);
        expect(open.size).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
