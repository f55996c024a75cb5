import type { SandboxAccount } from './accounts.ts';
import type { Origin } from './document.ts';
import { seeded, seedOf, seedOfText } from './random.ts';
import { day } from './timeline.ts';

/** What all cases of an account follow from. */
export type Founding = {
  readonly account: SandboxAccount;
  readonly seed: number;
  /** For a partner: whose cases are in its list too. */
  readonly merchants: readonly string[];
  readonly worldSeed: number;
  readonly start: number;
  /** How many cases there are at the start; they were born in the half year before. */
  readonly initial: number;
};

const halfYear = 182 * day;

/**
 * Where case number `index` of an account comes from. A partner's items name one of its merchants as their account, and
 * one in ten is the very case that is in the merchant's own list: one case under two accounts.
 */
export function originOf(founding: Founding, index: number): Origin {
  const accountId = founding.merchants[index % Math.max(founding.merchants.length, 1)] ?? founding.account.id;
  const seed = index % 10 === 7 ? accountSeedOf(founding.worldSeed, accountId) : founding.seed;
  return { seed, index, bornAt: bornAt(founding, index, seed), accountId };
}

export function accountSeedOf(worldSeed: number, accountId: string): number {
  return seedOf(worldSeed, seedOfText(accountId));
}

/** The first cases are born in the half year before the start, mostly on weekdays, the later ones as the clock moves. */
function bornAt({ start, initial }: Founding, index: number, seed: number): number {
  const share = seeded(seedOf(seed, index))();
  const casesPerDay = Math.max(4, initial / 182);
  if (index >= initial) return Math.round(start + ((index - initial + 1 - share) / casesPerDay) * day);
  const time = Math.round(start - halfYear * (1 - (index + share) / initial));
  const isWeekend = [0, 6].includes(new Date(time).getUTCDay());
  return isWeekend && share < 0.85 ? time - 2 * day : time;
}
