import { eventsOf, statusOf } from './case-events.ts';
import { type JsonObject, withKeysReversed } from './json.ts';
import type { EditedCase, Population } from './population.ts';
import { seeded, seedOf } from './random.ts';
import { hour } from './timeline.ts';

/** The case to change; without `case` the seed chooses one. */
type Target = { account: string; case?: string };

/** Returns the changed fields. */
type Change = (edited: EditedCase, population: Population) => Partial<EditedCase>;

/**
 * The world's methods that change one case. They return its id, and throw when the account or the case does not exist.
 * From then on the case no longer follows its timeline.
 */
export abstract class CaseMutations {
  abstract population(accountId: string): Population;

  /** Changes a case's document in any way. */
  edit(target: Target, change: (document: JsonObject, population: Population) => void): string {
    return this.#change(target, true, ({ document }, population) => {
      change(document, population);
      return { document };
    });
  }

  /** Adds an event that happens now. Fields that `event` lacks get defaults, among them a status that differs. */
  appendEvent(target: Target, event: JsonObject = {}): string {
    return this.edit(target, (document, population) => {
      const now = isoNow(population);
      const case_status = statusOf(document) === 'ACTIVE' ? 'DECLINED' : 'ACTIVE';
      const id = nextEventId(document);
      addEvent(document, { id, event: 'case_updated', created_at: now, case_status, ...event }, now);
    });
  }

  /** Adds an event that is older than all others of the case, by `hours`. */
  addLateEvent(target: Target, late: { hours?: number; id?: 'larger' | 'smaller'; status?: string } = {}): string {
    return this.edit(target, (document, population) => {
      const times = eventsOf(document).flatMap(({ created_at }) =>
        typeof created_at === 'string' ? [Date.parse(created_at)] : [],
      );
      const at = Math.min(population.now, ...times) - (late.hours ?? 1) * hour;
      const id = late.id === 'smaller' ? Math.min(...eventIds(document)) - 1 : nextEventId(document);
      const created_at = new Date(at).toISOString();
      const case_status = late.status ?? 'WAITING_FOR_DETAILS';
      addEvent(document, { id, event: 'case_updated', created_at, case_status }, isoNow(population));
    });
  }

  /** Sets top-level fields, and `updated_at`. */
  changeFields(target: Target, fields: JsonObject): string {
    return this.edit(target, (document, population) =>
      Object.assign(document, { updated_at: isoNow(population) }, structuredClone(fields)),
    );
  }

  /** Sets `deleted_at`; the case stays in the list. */
  deleteCase(target: Target): string {
    const deleted_at = isoNow(this.population(target.account));
    return this.changeFields(target, { deleted_by: 'user-sandbox', deleted_at });
  }

  /** Removes the case from the list. */
  vanish(target: Target): string {
    return this.#change(target, true, () => ({ isListed: false }));
  }

  /** Puts a case that was removed back in the list. */
  bringBack(target: Target): string {
    return this.#change(target, false, () => ({ isListed: true }));
  }

  /** Makes the list contain the case `copies` times, always with the same document. */
  repeat(target: Target, copies = 2): string {
    return this.#change(target, true, () => ({ copies }));
  }

  /** Reverses the keys of the case's document: different bytes, equal as JSON. */
  reorderKeys(target: Target): string {
    return this.#change(target, true, ({ document }) => ({ document: withKeysReversed(document) }));
  }

  /** Without `case` the seed chooses among the cases inside the list (`fromList`), or outside it. */
  #change(target: Target, fromList: boolean, change: Change): string {
    const population = this.population(target.account);
    const index = target.case === undefined ? chooseCase(population, fromList) : population.indexOf(target.case);
    if (index === null) throw new Error(`Account ${target.account} of the sandbox has no case ${target.case}.`);
    const edited = population.edited.get(index) ?? {
      document: population.documentAt(index, true),
      isListed: true,
      copies: 1,
    };
    population.edited.set(index, { ...edited, ...change(edited, population) });
    population.edits += 1;
    population.markChanged(index);
    return population.idAt(index);
  }
}

function chooseCase(population: Population, fromList: boolean): number {
  const { seed, accountId } = population.origin;
  const first = Math.floor(seeded(seedOf(seed, population.edits))() * population.size);
  for (let offset = 0; offset < population.size; offset += 1) {
    const index = (first + offset) % population.size;
    if (population.isListed(index) === fromList) return index;
  }
  throw new Error(`Account ${accountId} of the sandbox has no case ${fromList ? 'in' : 'out of'} its list.`);
}

function addEvent(document: JsonObject, event: JsonObject, now: string): void {
  document.events = [...eventsOf(document), event];
  document.updated_at = now;
}

function eventIds(document: JsonObject): number[] {
  return [1000, ...eventsOf(document).map((event) => Number(event.id))];
}

function nextEventId(document: JsonObject): number {
  return Math.max(...eventIds(document)) + 1;
}

function isoNow({ now }: Population): string {
  return new Date(now).toISOString();
}
