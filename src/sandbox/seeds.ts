import type { SandboxAccount } from './accounts.ts';
import { seeded, seedOf, seedOfText } from './random.ts';
import { day } from './timeline.ts';

/** Determines all cases of an account. */
export type PopulationSeed = {
  readonly account: SandboxAccount;
  readonly seed: number;
  /** Ids of a partner's merchants: the partner's list contains their cases too. */
  readonly merchants: readonly string[];
  readonly worldSeed: number;
  readonly start: number;
  /** Number of cases at the start; they were created in the half year before it. */
  readonly initialCases: number;
};

/** Determines one case; its document at any time is computed from this. */
export type CaseSeed = {
  /** The seed of the account that the case was made for. */
  seed: number;
  index: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** `account_id` of the item. */
  accountId: string;
};

const halfYear = 182 * day;

/**
 * The seed of an account's case number `index`. A partner's items name one of its merchants as their account, and one
 * in ten is identical to a case in the merchant's own list: one case under two accounts.
 */
export function caseSeedAt(population: PopulationSeed, index: number): CaseSeed {
  const { merchants, account, worldSeed } = population;
  const accountId = merchants[index % Math.max(merchants.length, 1)] ?? account.id;
  const seed = index % 10 === 7 ? accountSeedOf(worldSeed, accountId) : population.seed;
  return { seed, index, createdAt: creationTimeAt(population, index, seed), accountId };
}

/** The seed of an account's cases. */
export function accountSeedOf(worldSeed: number, accountId: string): number {
  return seedOf(worldSeed, seedOfText(accountId));
}

/** The initial cases are created in the half year before the start, mostly on weekdays; later ones at a steady rate. */
function creationTimeAt({ start, initialCases }: PopulationSeed, index: number, seed: number): number {
  const share = seeded(seedOf(seed, index))();
  const casesPerDay = Math.max(4, initialCases / 182);
  if (index >= initialCases) return Math.round(start + ((index - initialCases + 1 - share) / casesPerDay) * day);
  const time = Math.round(start - halfYear * (1 - (index + share) / initialCases));
  const isWeekend = [0, 6].includes(new Date(time).getUTCDay());
  return isWeekend && share < 0.85 ? time - 2 * day : time;
}
