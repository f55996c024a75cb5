import { isMerchantOf, type SandboxAccount } from './accounts.ts';
import { eventsOf } from './case-events.ts';
import { caseIdOf, indexOfCaseId } from './case-id.ts';
import { documentOf, lifeOfCase } from './document.ts';
import { isObject, type JsonObject, withKeysReversed } from './json.ts';
import { accountSeedOf, type Founding, originOf } from './seeds.ts';
import { nextChangeOf } from './timeline.ts';

/** A case that a verb has taken out of its life: it stays as the verb left it. */
export type Held = { document: JsonObject; isListed: boolean; times: number };

/** The cases of one account. Cases are numbered as they are born; the list has them in that order. */
export type Population = Founding & {
  now: number;
  size: number;
  /** Per case: when it changes next by itself. */
  readonly nextChanges: number[];
  readonly held: Map<number, Held>;
  /** Raw items at the end of the list. */
  readonly appended: Buffer[];
  /** What is served instead of the list. */
  override: Buffer | null;
  areKeysReversed: boolean;
  /** How many verbs have acted; what the seed chooses next depends on it. */
  verbs: number;
  /** Counts the changes of the list. */
  revision: number;
  /** The case that changed last; null for an account without cases. */
  lastChanged: number | null;
  /** The list's text, some cases at a time, for as long as they do not change. */
  readonly pages: Map<number, Buffer>;
};

export const casesPerPage = 64;

/** The cases of an account as they are at `start` (milliseconds). */
export function populationOf(
  account: SandboxAccount,
  settings: { worldSeed: number; start: number; cases: number; accounts: readonly SandboxAccount[] },
): Population {
  const merchants = settings.accounts.filter((other) => isMerchantOf(other.id, account.id));
  const population: Population = {
    account,
    seed: accountSeedOf(settings.worldSeed, account.id),
    merchants: merchants.map((merchant) => merchant.id),
    worldSeed: settings.worldSeed,
    start: settings.start,
    initial: account.cases ?? settings.cases,
    now: settings.start,
    size: 0,
    nextChanges: [],
    held: new Map(),
    appended: [],
    override: null,
    areKeysReversed: false,
    verbs: 0,
    revision: 0,
    lastChanged: null,
    pages: new Map(),
  };
  advanceTo(population, settings.start);
  return population;
}

/** Lets everything happen up to `now`. The outcome depends on the time only, not on the number of steps towards it. */
export function advanceTo(population: Population, now: number): void {
  population.now = now;
  for (const [index, next] of population.nextChanges.entries()) {
    if (next > now) continue;
    population.nextChanges[index] = nextChangeOf(lifeOfCase(originOf(population, index)), now);
    if (!population.held.has(index)) touch(population, index);
  }
  for (
    let next = originOf(population, population.size);
    next.bornAt <= now;
    next = originOf(population, next.index + 1)
  ) {
    population.nextChanges.push(nextChangeOf(lifeOfCase(next), now));
    touch(population, next.index);
    population.size += 1;
  }
}

/** Says that a case of the list is not what it was. */
export function touch(population: Population, index: number): void {
  population.pages.delete(Math.floor(index / casesPerPage));
  population.revision += 1;
  population.lastChanged = index;
}

/** The case's document, in the list or not; a copy. */
export function documentAt(population: Population, index: number, withContracts: boolean): JsonObject {
  const held = population.held.get(index);
  if (!held) return documentOf(originOf(population, index), population.now, withContracts);
  const document = structuredClone(held.document);
  return withContracts ? document : withoutContracts(document);
}

/** What the list has for the case: nothing when it has vanished, several documents when it is repeated. */
export function itemsAt(population: Population, index: number, withContracts: boolean): JsonObject[] {
  const held = population.held.get(index);
  if (held && !held.isListed) return [];
  const document = documentAt(population, index, withContracts);
  const item = population.areKeysReversed ? withKeysReversed(document) : document;
  return Array.from({ length: held?.times ?? 1 }, () => item);
}

function withoutContracts(document: JsonObject): JsonObject {
  for (const event of eventsOf(document)) {
    if (isObject(event.case)) delete event.case.contracts;
  }
  return document;
}

/** The number of the case with this id; null when the account has none. */
export function indexOf(population: Population, caseId: string): number | null {
  for (const id of [population.account.id, ...population.merchants]) {
    const index = indexOfCaseId(accountSeedOf(population.worldSeed, id), caseId);
    if (index < population.size && idAt(population, index) === caseId) return index;
  }
  return null;
}

export function idAt(population: Population, index: number): string {
  return caseIdOf(originOf(population, index).seed, index);
}
