import type { SandboxAccount } from './accounts.ts';
import { isObject, type JsonObject, withKeysReversed } from './json.ts';
import * as verbs from './mutations.ts';
import { advanceTo, documentAt, idAt, itemsAt, type Population, populationOf } from './population.ts';
import { hour } from './timeline.ts';

/** Which case a verb acts on; without `case` the seed chooses one. */
type Target = { account: string; case?: string };

/**
 * The cases of all accounts, and a clock. The same seed and the same calls give byte-identical lists, and how the time
 * passed (at once, or in many small steps) makes no difference. A case that a verb has acted on no longer lives by
 * itself. Every verb gives the id of the case it acted on, and throws when there is no such account or case.
 */
export type World = ReturnType<typeof createWorld>;

export type WorldOptions = { seed: number; start: string; cases: number; accounts: readonly SandboxAccount[] };

export function createWorld(options: WorldOptions) {
  const start = Date.parse(options.start);
  if (Number.isNaN(start)) throw new Error(`The sandbox's start must be an ISO 8601 time, not "${options.start}".`);
  const settings = { worldSeed: options.seed, start, cases: options.cases, accounts: options.accounts };
  const populations = new Map(options.accounts.map((account) => [account.id, populationOf(account, settings)]));
  let now = start;

  function population(accountId: string): Population {
    const found = populations.get(accountId);
    if (!found)
      throw new Error(`The sandbox has no account ${accountId}; it has ${[...populations.keys()].join(', ')}.`);
    return found;
  }

  return {
    accounts: options.accounts,
    population,
    /** The world's time, ISO 8601. */
    now: () => new Date(now).toISOString(),
    /** Moves the clock and lets happen what is due. */
    advance({ hours }: { hours: number }): void {
      if (!(hours >= 0 && Number.isFinite(hours))) throw new Error(`The clock cannot move by ${hours} hours.`);
      now += Math.round(hours * hour);
      for (const each of populations.values()) advanceTo(each, now);
    },
    ...readingOf(population),
    ...verbsOf(population),
  };
}

function readingOf(population: (accountId: string) => Population) {
  return {
    /** What the list contains now, in its order, whatever `serve` says; appended items too if they are JSON. */
    documents(accountId: string, options: { withContracts?: boolean } = {}): JsonObject[] {
      const of = population(accountId);
      const items = Array.from({ length: of.size }, (_, index) => itemsAt(of, index, options.withContracts ?? false));
      return [...items.flat(), ...of.appended.flatMap(parsed)];
    },
    /** The ids of the cases in the list, in its order. */
    caseIds(accountId: string): string[] {
      const of = population(accountId);
      const indexes = Array.from({ length: of.size }, (_, index) => index);
      return indexes.filter((index) => of.held.get(index)?.isListed ?? true).map((index) => idAt(of, index));
    },
    /** Every case there ever was, vanished ones too. */
    everyDocument(accountId: string): JsonObject[] {
      const of = population(accountId);
      return Array.from({ length: of.size }, (_, index) => documentAt(of, index, true));
    },
  };
}

function verbsOf(population: (accountId: string) => Population) {
  return {
    edit: (target: Target, change: (document: JsonObject) => void) =>
      verbs.edit(population(target.account), target.case, change),
    appendEvent: (target: Target, event: JsonObject = {}) =>
      verbs.appendEvent(population(target.account), target.case, event),
    addLateEvent: (target: Target, late: Parameters<typeof verbs.addLateEvent>[2] = {}) =>
      verbs.addLateEvent(population(target.account), target.case, late),
    changeFields: (target: Target, fields: JsonObject) =>
      verbs.changeFields(population(target.account), target.case, fields),
    deleteCase: (target: Target) => verbs.deleteCase(population(target.account), target.case),
    vanish: (target: Target) => verbs.setListed(population(target.account), target.case, false),
    bringBack: (target: Target) => verbs.setListed(population(target.account), target.case, true),
    repeat: (target: Target, times = 2) => verbs.repeat(population(target.account), target.case, times),
    reorderKeys: (target: Target) =>
      verbs.edit(population(target.account), target.case, (document) => reverseKeys(document)),
    /** Reverses the keys of every item of the list, or makes them as they were. */
    reorderAllKeys: (accountId: string) =>
      changed(population(accountId), (of) => {
        of.areKeysReversed = !of.areKeysReversed;
        of.pages.clear();
      }),
    /** Puts a raw item at the end of the list. */
    appendItem: (accountId: string, item: string | Buffer) =>
      changed(population(accountId), (of) => {
        of.appended.push(Buffer.from(item));
      }),
    /** Answers with this body instead of the list, whatever it is; null goes back to the list. */
    serve: (accountId: string, body: string | Buffer | null) =>
      changed(population(accountId), (of) => {
        of.override = body === null ? null : Buffer.from(body);
      }),
  };
}

function changed(population: Population, change: (population: Population) => void): void {
  change(population);
  population.revision += 1;
}

function reverseKeys(document: JsonObject): void {
  const reversed = withKeysReversed(document);
  for (const key of Object.keys(document)) delete document[key];
  Object.assign(document, reversed);
}

function parsed(item: Buffer): JsonObject[] {
  try {
    const value: unknown = JSON.parse(item.toString());
    return isObject(value) ? [value] : [];
  } catch {
    return [];
  }
}
