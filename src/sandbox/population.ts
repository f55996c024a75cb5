import { isMerchantOf, type SandboxAccount } from './accounts.ts';
import { eventsOf } from './case-events.ts';
import { caseIdOf, indexOfCaseId } from './case-id.ts';
import { documentOf, timelineOf } from './document.ts';
import { isObject, type JsonObject, withKeysReversed } from './json.ts';
import { accountSeedOf, caseSeedAt, type PopulationSeed } from './seeds.ts';
import { nextChangeAfter } from './timeline.ts';

/** An edited case: it no longer follows its timeline. `copies` is how often the list contains it. */
export type EditedCase = { document: JsonObject; isListed: boolean; copies: number };

/** The cases of one account, numbered in the order of their creation, which is the order of the list. */
export type Population = PopulationSeed & {
  now: number;
  size: number;
  /** For each case the time of its next change by timeline. */
  readonly nextChanges: number[];
  readonly edited: Map<number, EditedCase>;
  /** Raw items at the end of the list. */
  readonly appended: Buffer[];
  /** A response body served instead of the list. */
  override: Buffer | null;
  areKeysReversed: boolean;
  /** Number of edits so far; it determines which case the seed chooses next. */
  edits: number;
  /** Increases with every change of the list. */
  revision: number;
  /** The case that changed last; null for an account without cases. */
  lastChanged: number | null;
  /** Cached JSON text of the list by page; a change of a case removes its page. */
  readonly pages: Map<number, Buffer>;
};

/** Cases per cached page of the list's text. */
export const casesPerPage = 64;

/** The cases of an account at the time `start` (milliseconds). */
export function createPopulation(
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
    initialCases: account.cases ?? settings.cases,
    now: settings.start,
    size: 0,
    nextChanges: [],
    edited: new Map(),
    appended: [],
    override: null,
    areKeysReversed: false,
    edits: 0,
    revision: 0,
    lastChanged: null,
    pages: new Map(),
  };
  advanceTo(population, settings.start);
  return population;
}

/** Moves the population's time to `now`. The result does not depend on the number of steps. */
export function advanceTo(population: Population, now: number): void {
  population.now = now;
  for (const [index, nextChange] of population.nextChanges.entries()) {
    if (nextChange > now) continue;
    population.nextChanges[index] = nextChangeAfter(timelineOf(caseSeedAt(population, index)), now);
    if (!population.edited.has(index)) markChanged(population, index);
  }
  let next = caseSeedAt(population, population.size);
  while (next.createdAt <= now) {
    population.nextChanges.push(nextChangeAfter(timelineOf(next), now));
    markChanged(population, next.index);
    population.size += 1;
    next = caseSeedAt(population, population.size);
  }
}

/** Records that a case of the list has changed. */
export function markChanged(population: Population, index: number): void {
  population.pages.delete(Math.floor(index / casesPerPage));
  population.revision += 1;
  population.lastChanged = index;
}

/** A copy of the case's document, whether the list contains it or not. */
export function documentAt(population: Population, index: number, withContracts: boolean): JsonObject {
  const edited = population.edited.get(index);
  if (!edited) return documentOf(caseSeedAt(population, index), population.now, withContracts);
  const document = structuredClone(edited.document);
  return withContracts ? document : withoutContracts(document);
}

/** The list's items for the case: none if it was removed, several if it is repeated. */
export function itemsAt(population: Population, index: number, withContracts: boolean): JsonObject[] {
  if (!isListed(population, index)) return [];
  const document = documentAt(population, index, withContracts);
  const item = population.areKeysReversed ? withKeysReversed(document) : document;
  return Array.from({ length: population.edited.get(index)?.copies ?? 1 }, () => item);
}

/** Whether the list contains the case; false after its removal. */
export function isListed(population: Population, index: number): boolean {
  return population.edited.get(index)?.isListed ?? true;
}

function withoutContracts(document: JsonObject): JsonObject {
  for (const event of eventsOf(document)) {
    if (isObject(event.case)) delete event.case.contracts;
  }
  return document;
}

/** The number of the case with this id; null when the account does not have it. */
export function indexOf(population: Population, caseId: string): number | null {
  for (const id of [population.account.id, ...population.merchants]) {
    const index = indexOfCaseId(accountSeedOf(population.worldSeed, id), caseId);
    if (index < population.size && idAt(population, index) === caseId) return index;
  }
  return null;
}

/** The id of case number `index`. */
export function idAt(population: Population, index: number): string {
  return caseIdOf(caseSeedAt(population, index).seed, index);
}
