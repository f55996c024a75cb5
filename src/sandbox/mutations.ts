import { eventsOf, statusOf } from './case-events.ts';
import type { JsonObject } from './json.ts';
import { documentAt, type Held, idAt, indexOf, type Population, touch } from './population.ts';
import { seeded, seedOf } from './random.ts';
import { hour } from './timeline.ts';

/** Makes any change to a case's document. From then on the case changes by verbs only. Gives the case's id. */
export function edit(
  population: Population,
  caseId: string | undefined,
  change: (document: JsonObject) => void,
): string {
  return hold(population, indexFor(population, caseId, true), (held) => change(held.document));
}

/** An event that happens now; the fields that `event` does not give are made up, and its status is a new one. */
export function appendEvent(population: Population, caseId: string | undefined, event: JsonObject): string {
  return edit(population, caseId, (document) => {
    const now = isoNow(population);
    const case_status = statusOf(document) === 'ACTIVE' ? 'DECLINED' : 'ACTIVE';
    const made = { id: nextEventId(document), event: 'case_updated', created_at: now, case_status, ...event };
    document.events = [...eventsOf(document), made];
    document.updated_at = now;
  });
}

/** An event that is older than all others of the case, but was not in the list before. */
export function addLateEvent(
  population: Population,
  caseId: string | undefined,
  late: { hours?: number; id?: 'larger' | 'smaller'; status?: string },
): string {
  return edit(population, caseId, (document) => {
    const times = eventsOf(document).flatMap(({ created_at }) =>
      typeof created_at === 'string' ? [Date.parse(created_at)] : [],
    );
    const at = Math.min(population.now, ...times) - (late.hours ?? 1) * hour;
    const id = late.id === 'smaller' ? Math.min(...eventIds(document)) - 1 : nextEventId(document);
    const created_at = new Date(at).toISOString();
    const event = { id, event: 'case_updated', created_at, case_status: late.status ?? 'WAITING_FOR_DETAILS' };
    document.events = [...eventsOf(document), event];
    document.updated_at = isoNow(population);
  });
}

export function changeFields(population: Population, caseId: string | undefined, fields: JsonObject): string {
  return edit(population, caseId, (document) =>
    Object.assign(document, { updated_at: isoNow(population) }, structuredClone(fields)),
  );
}

/** The case stays in the list, with `deleted_at`. */
export function deleteCase(population: Population, caseId: string | undefined): string {
  return changeFields(population, caseId, { deleted_by: 'user-sandbox', deleted_at: isoNow(population) });
}

/** Takes the case out of the list, or puts it back. */
export function setListed(population: Population, caseId: string | undefined, isListed: boolean): string {
  return hold(population, indexFor(population, caseId, !isListed), (held) => {
    held.isListed = isListed;
  });
}

/** The list has the case `times` times, every time the same. */
export function repeat(population: Population, caseId: string | undefined, times: number): string {
  return hold(population, indexFor(population, caseId, true), (held) => {
    held.times = times;
  });
}

function hold(population: Population, index: number, change: (held: Held) => void): string {
  const held = population.held.get(index) ?? {
    document: documentAt(population, index, true),
    isListed: true,
    times: 1,
  };
  population.held.set(index, held);
  change(held);
  population.verbs += 1;
  touch(population, index);
  return idAt(population, index);
}

/** The case that is named, or one that the seed chooses among those that are in the list, or have vanished from it. */
function indexFor(population: Population, caseId: string | undefined, isListed: boolean): number {
  if (caseId !== undefined) {
    const index = indexOf(population, caseId);
    if (index === null) throw new Error(`Account ${population.account.id} of the sandbox has no case ${caseId}.`);
    return index;
  }
  const first = Math.floor(seeded(seedOf(population.seed, population.verbs))() * population.size);
  for (let step = 0; step < population.size; step += 1) {
    const index = (first + step) % population.size;
    if ((population.held.get(index)?.isListed ?? true) === isListed) return index;
  }
  throw new Error(
    `Account ${population.account.id} of the sandbox has no case ${isListed ? 'in' : 'out of'} its list.`,
  );
}

function eventIds(document: JsonObject): number[] {
  return [1000, ...eventsOf(document).map((event) => Number(event.id))];
}

function nextEventId(document: JsonObject): number {
  return Math.max(...eventIds(document)) + 1;
}

function isoNow(population: Population): string {
  return new Date(population.now).toISOString();
}
