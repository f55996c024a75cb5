import { isMerchantOf, type SandboxAccount } from './accounts.ts';
import { isObject, type JsonObject } from './json.ts';
import { CaseMutations } from './mutations.ts';
import { Population } from './population.ts';
import { accountSeedOf } from './seeds.ts';
import { hour } from './timeline.ts';

export type WorldOptions = {
  seed: number;
  /** ISO 8601. */
  start: string;
  /** Number of cases per account at the start. */
  cases: number;
  accounts: readonly SandboxAccount[];
  /** One case in ten is of a company that applied before. Default false. */
  hasReapplications?: boolean;
};

/** A change that the world makes by itself when its clock comes to a time. */
type PlannedChange = { at: number; change: () => void };

/**
 * The cases of all accounts, and a clock. The same seed and the same calls give byte-identical lists, whether the time
 * advanced at once or in small steps.
 */
export class World extends CaseMutations {
  readonly accounts: readonly SandboxAccount[];
  readonly #populations: ReadonlyMap<string, Population>;
  /** The earliest first. */
  #planned: PlannedChange[] = [];
  #now: number;

  constructor(options: WorldOptions) {
    super();
    this.accounts = options.accounts;
    this.#now = Date.parse(options.start);
    if (Number.isNaN(this.#now)) {
      throw new Error(`The sandbox's start must be an ISO 8601 time, not "${options.start}".`);
    }
    this.#populations = new Map(this.accounts.map((account) => [account.id, populationOf(account, options)]));
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
    const target = this.#now + Math.round(hours * hour);
    for (let next = this.#planned[0]; next !== undefined && next.at <= target; next = this.#planned[0]) {
      this.#planned.shift();
      this.#moveTo(next.at);
      next.change();
    }
    this.#moveTo(target);
  }

  /** Makes a change when the clock is exactly at a time (ISO 8601) after now, in whatever steps it gets there. */
  plan(at: string, change: () => void): void {
    this.#planned = [...this.#planned, { at: Date.parse(at), change }].sort((one, other) => one.at - other.at);
  }

  #moveTo(now: number): void {
    this.#now = now;
    for (const population of this.#populations.values()) population.advanceTo(now);
  }

  /** The list's documents in order, appended JSON objects included; ignores the body set by `serve`. */
  documents(accountId: string, { withContracts = false }: { withContracts?: boolean } = {}): JsonObject[] {
    const population = this.population(accountId);
    const items = population.indexes().flatMap((index) => population.itemsAt(index, withContracts));
    return [...items, ...population.appended.flatMap(parseObject)];
  }

  /** The ids of the cases in the list, in its order. */
  caseIds(accountId: string): string[] {
    const population = this.population(accountId);
    const listed = population.indexes().filter((index) => population.isListed(index));
    return listed.map((index) => population.idAt(index));
  }

  /** The documents of all cases, those removed from the list included. */
  everyDocument(accountId: string): JsonObject[] {
    const population = this.population(accountId);
    return population.indexes().map((index) => population.documentAt(index, true));
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

function populationOf({ id, cases }: SandboxAccount, options: WorldOptions): Population {
  const merchants = options.accounts.filter((other) => isMerchantOf(other.id, id));
  return new Population({
    accountId: id,
    seed: accountSeedOf(options.seed, id),
    merchants: merchants.map((merchant) => merchant.id),
    worldSeed: options.seed,
    start: Date.parse(options.start),
    initialCases: cases ?? options.cases,
    hasReapplications: options.hasReapplications ?? false,
  });
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
