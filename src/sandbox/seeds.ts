import { hex, seeded, seedOf, seedOfText } from './random.ts';
import { day } from './timeline.ts';

/** Determines all cases of an account. */
export type PopulationSeed = {
  readonly accountId: string;
  readonly seed: number;
  /** Ids of a partner's merchants: the partner's list contains their cases too. */
  readonly merchants: readonly string[];
  readonly worldSeed: number;
  readonly start: number;
  /** Number of cases at the start; they were created in the half year before it. */
  readonly initialCases: number;
  /** One case in ten is of the company of an earlier case. */
  readonly hasReapplications: boolean;
};

/** Determines one case; its document at any time is computed from this. */
export type CaseSeed = {
  /** The seed of the account that the case was made for. */
  seed: number;
  index: number;
  /** Number of the first case of the same company; `index` itself for nearly all cases. */
  firstIndex: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** `account_id` of the item. */
  accountId: string;
};

const halfYear = 182 * day;
/** How many cases lie between a company's first case and its second: about a month of a list with 200. */
const REAPPLIES_AFTER = 30;

/**
 * The seed of an account's case number `index`. A partner's items name one of its merchants as their account, and one
 * in ten is identical to a case in the merchant's own list: one case under two accounts.
 */
export function caseSeedAt(origin: PopulationSeed, index: number): CaseSeed {
  const { merchants, worldSeed } = origin;
  const accountId = merchants[index % Math.max(merchants.length, 1)] ?? origin.accountId;
  const seed = index % 10 === 7 ? accountSeedOf(worldSeed, accountId) : origin.seed;
  const isReapplication = origin.hasReapplications && index % 10 === 9 && index >= REAPPLIES_AFTER;
  const firstIndex = isReapplication ? index - REAPPLIES_AFTER + 1 : index;
  return { seed, index, firstIndex, createdAt: creationTimeAt(origin, index, seed), accountId };
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

/** The case's uuid. Its last eight digits encode the index, so that a case is found by its id without a lookup table. */
export function caseIdOf(seed: number, index: number): string {
  const digits = hex(seeded(seedOf(seed, index, 1)), 24);
  const last = ((index ^ seed) >>> 0).toString(16).padStart(8, '0');
  const variant = 'a89b'[Number.parseInt(digits.slice(16, 17), 16) % 4];
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20, 24)}${last}`;
}

/** The only index that this uuid can have in an account of this seed. */
export function indexOfCaseId(seed: number, caseId: string): number {
  return (Number.parseInt(caseId.slice(-8), 16) ^ seed) >>> 0;
}
