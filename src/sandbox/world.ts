import type { SandboxAccount } from './accounts.ts';
import { isObject, type JsonObject, withKeysReversed } from './json.ts';
import * as mutations from './mutations.ts';
import { advanceTo, createPopulation, documentAt, idAt, isListed, itemsAt, type Population } from './population.ts';
import { hour } from './timeline.ts';

/** The case to change; without `case` the seed chooses one. */
type Target = { account: string; case?: string };

export type WorldOptions = {
  seed: number;
  /** ISO 8601. */
  start: string;
  /** Number of cases per account at the start. */
  cases: number;
  accounts: readonly SandboxAccount[];
};

/**
 * The cases of all accounts, and a clock. The same seed and the same calls give byte-identical lists, whether the time
 * advanced at once or in small steps. An edited case no longer follows its timeline. The methods that change a case
 * return its id, and throw when the account or the case does not exist.
 */
export class World {
  readonly accounts: readonly SandboxAccount[];
  readonly #populations: ReadonlyMap<string, Population>;
  #now: number;

  constructor({ seed, start, cases, accounts }: WorldOptions) {
    this.#now = Date.parse(start);
    if (Number.isNaN(this.#now)) throw new Error(`The sandbox's start must be an ISO 8601 time, not "${start}".`);
    this.accounts = accounts;
    const settings = { worldSeed: seed, start: this.#now, cases, accounts };
    this.#populations = new Map(accounts.map((account) => [account.id, createPopulation(account, settings)]));
  }

  population(accountId: string): Population {
    const found = this.#populations.get(accountId);
    if (found) return found;
    const ids = [...this.#populations.keys()].join(', ');
    throw new Error(`The sandbox has no account ${accountId}; it has ${ids}.`);
  }

  /** The time of the world, ISO 8601. */
  now(): string {
    return new Date(this.#now).toISOString();
  }

  /** Moves the clock; cases change and new ones are created. */
  advance({ hours }: { hours: number }): void {
    if (!(hours >= 0 && Number.isFinite(hours))) throw new Error(`The clock cannot move by ${hours} hours.`);
    this.#now += Math.round(hours * hour);
    for (const population of this.#populations.values()) advanceTo(population, this.#now);
  }

  /** The list's documents in order, appended JSON objects included; ignores the body set by `serve`. */
  documents(accountId: string, { withContracts = false }: { withContracts?: boolean } = {}): JsonObject[] {
    const population = this.population(accountId);
    const items = indexesOf(population).flatMap((index) => itemsAt(population, index, withContracts));
    return [...items, ...population.appended.flatMap(parseObject)];
  }

  /** The ids of the cases in the list, in its order. */
  caseIds(accountId: string): string[] {
    const population = this.population(accountId);
    return indexesOf(population)
      .filter((index) => isListed(population, index))
      .map((index) => idAt(population, index));
  }

  /** The documents of all cases, those removed from the list included. */
  everyDocument(accountId: string): JsonObject[] {
    const population = this.population(accountId);
    return indexesOf(population).map((index) => documentAt(population, index, true));
  }

  edit(target: Target, change: (document: JsonObject) => void): string {
    return mutations.edit(this.population(target.account), target.case, change);
  }

  appendEvent(target: Target, event: JsonObject = {}): string {
    return mutations.appendEvent(this.population(target.account), target.case, event);
  }

  addLateEvent(target: Target, late: Parameters<typeof mutations.addLateEvent>[2] = {}): string {
    return mutations.addLateEvent(this.population(target.account), target.case, late);
  }

  changeFields(target: Target, fields: JsonObject): string {
    return mutations.changeFields(this.population(target.account), target.case, fields);
  }

  deleteCase(target: Target): string {
    return mutations.deleteCase(this.population(target.account), target.case);
  }

  vanish(target: Target): string {
    return mutations.setListed(this.population(target.account), target.case, false);
  }

  bringBack(target: Target): string {
    return mutations.setListed(this.population(target.account), target.case, true);
  }

  repeat(target: Target, copies = 2): string {
    return mutations.repeat(this.population(target.account), target.case, copies);
  }

  reorderKeys(target: Target): string {
    return this.edit(target, reverseKeys);
  }

  /** Reverses the keys of every item of the list; a second call restores them. */
  reorderAllKeys(accountId: string): void {
    const population = this.population(accountId);
    population.areKeysReversed = !population.areKeysReversed;
    population.pages.clear();
    population.revision += 1;
  }

  /** Puts a raw item at the end of the list. */
  appendItem(accountId: string, item: string | Buffer): void {
    const population = this.population(accountId);
    population.appended.push(Buffer.from(item));
    population.revision += 1;
  }

  /** Serves this body instead of the list; null restores the list. */
  serve(accountId: string, body: string | Buffer | null): void {
    const population = this.population(accountId);
    population.override = body === null ? null : Buffer.from(body);
    population.revision += 1;
  }
}

function indexesOf(population: Population): number[] {
  return Array.from({ length: population.size }, (_, index) => index);
}

function reverseKeys(document: JsonObject): void {
  const reversed = withKeysReversed(document);
  for (const key of Object.keys(document)) delete document[key];
  Object.assign(document, reversed);
}

/** The item as an array of one object; empty when it is anything else. */
function parseObject(item: Buffer): JsonObject[] {
  try {
    const value: unknown = JSON.parse(item.toString());
    return isObject(value) ? [value] : [];
  } catch {
    return [];
  }
}
