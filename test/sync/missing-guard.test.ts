import { describe, expect, it } from 'vitest';
import { guardMissing } from '../../src/sync/missing-guard.ts';

const GUARD = { ratio: 0.2, atLeast: 10 };

const absent = (count: number, { presentBefore = 100, unreadable = 0 } = {}) => ({
  ids: Array.from({ length: count }, (_, index) => `case ${index}`),
  presentBefore,
  unreadable,
});

const guarded = (cases: ReturnType<typeof absent>, { guard = GUARD, acceptMissing = false } = {}) => {
  const { missing, missingHeldBack, error } = guardMissing(cases, { accountId: 'P12345678', guard, acceptMissing });
  return [missing.length, missingHeldBack, error?.code ?? null];
};

describe('the guard of missing cases', () => {
  it('accepts exactly as many absent cases as the ratio allows, and holds all back beyond', () => {
    expect(guarded(absent(20))).toEqual([20, 0, null]);
    expect(guarded(absent(21))).toEqual([0, 21, 'MASS_DISAPPEARANCE']);
    expect(guarded(absent(2), { guard: { ratio: 0.5, atLeast: 0 } })).toEqual([2, 0, null]);
  });

  it('accepts `atLeast` cases of a small account, though the ratio allows fewer', () => {
    expect(guarded(absent(10, { presentBefore: 10 }))).toEqual([10, 0, null]);
    expect(guarded(absent(11, { presentBefore: 11 }))).toEqual([0, 11, 'MASS_DISAPPEARANCE']);
  });

  it('names the cases that it accepts', () => {
    const limits = { accountId: 'P12345678', guard: GUARD, acceptMissing: false };
    const accepted = { missing: ['case 0', 'case 1'], missingHeldBack: 0, error: null };
    expect(guardMissing(absent(2), limits)).toEqual(accepted);
  });

  it('holds every case back if one item is unreadable, and counts each unreadable item as one absent case', () => {
    expect(guarded(absent(1, { unreadable: 1 }))).toEqual([0, 1, 'UNREADABLE_ITEM']);
    expect(guarded(absent(23, { unreadable: 3 }))).toEqual([0, 23, 'UNREADABLE_ITEM']);
    expect(guarded(absent(24, { unreadable: 3 }))).toEqual([0, 24, 'MASS_DISAPPEARANCE']);
  });

  it('accepts everything if it is told to', () => {
    expect(guarded(absent(99, { unreadable: 1 }), { acceptMissing: true })).toEqual([99, 0, null]);
  });

  const accept = 'run: cdd-sync sync --account P12345678 --accept-missing';
  const look = 'To see the items, run: cdd-sync rejected.';
  it.each([
    [
      absent(13, { presentBefore: 61 }),
      `13 of 61 cases are not in the list any more, more than missingGuard allows (12); none was marked missing. If the list is right, ${accept}`,
    ],
    [absent(0, { unreadable: 1 }), `the id of 1 rejected item cannot be read; no other case is missing. ${look}`],
    [
      absent(1, { unreadable: 2 }),
      `the id of 2 rejected items cannot be read, and 1 case that is not in the list may be among them; none was marked missing. ${look} If these cases are gone, ${accept}`,
    ],
    [
      absent(2, { unreadable: 2 }),
      `the id of 2 rejected items cannot be read, and 2 cases that are not in the list may be among them; none was marked missing. ${look} If these cases are gone, ${accept}`,
    ],
  ])('says how many cases are concerned, and what to do: %#', (cases, message) => {
    const limits = { accountId: 'P12345678', guard: GUARD, acceptMissing: false };
    expect(guardMissing(cases, limits).error?.message).toBe(`P12345678: ${message}`);
  });
});
