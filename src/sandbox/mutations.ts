import { eventsOf, statusOf } from './case-events.ts';
import type { JsonObject } from './json.ts';
import { documentAt, type EditedCase, idAt, indexOf, isListed, markChanged, type Population } from './population.ts';
import { seeded, seedOf } from './random.ts';
import { hour } from './timeline.ts';

// Every function takes a case id, or undefined for a case that the seed chooses, and returns the id of the changed case.
// From then on the case no longer follows its timeline.

/** Changes a case's document in any way. */
export function edit(
  population: Population,
  caseId: string | undefined,
  change: (document: JsonObject) => void,
): string {
  return changeCase(population, chooseCase(population, caseId, true), (edited) => change(edited.document));
}

/** Adds an event that happens now. Fields that `event` lacks get defaults, among them a status that differs. */
export function appendEvent(population: Population, caseId: string | undefined, event: JsonObject): string {
  return edit(population, caseId, (document) => {
    const now = isoNow(population);
    const case_status = statusOf(document) === 'ACTIVE' ? 'DECLINED' : 'ACTIVE';
    const added = { id: nextEventId(document), event: 'case_updated', created_at: now, case_status, ...event };
    document.events = [...eventsOf(document), added];
    document.updated_at = now;
  });
}

/** Adds an event that is older than all others of the case, by `hours`. */
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

/** Sets top-level fields, and `updated_at`. */
export function changeFields(population: Population, caseId: string | undefined, fields: JsonObject): string {
  return edit(population, caseId, (document) =>
    Object.assign(document, { updated_at: isoNow(population) }, structuredClone(fields)),
  );
}

/** Sets `deleted_at`; the case stays in the list. */
export function deleteCase(population: Population, caseId: string | undefined): string {
  return changeFields(population, caseId, { deleted_by: 'user-sandbox', deleted_at: isoNow(population) });
}

/** Removes the case from the list, or puts it back. */
export function setListed(population: Population, caseId: string | undefined, shouldBeListed: boolean): string {
  return changeCase(population, chooseCase(population, caseId, !shouldBeListed), (edited) => {
    edited.isListed = shouldBeListed;
  });
}

/** Makes the list contain the case `copies` times, always with the same document. */
export function repeat(population: Population, caseId: string | undefined, copies: number): string {
  return changeCase(population, chooseCase(population, caseId, true), (edited) => {
    edited.copies = copies;
  });
}

function changeCase(population: Population, index: number, change: (edited: EditedCase) => void): string {
  const edited = population.edited.get(index) ?? {
    document: documentAt(population, index, true),
    isListed: true,
    copies: 1,
  };
  population.edited.set(index, edited);
  change(edited);
  population.edits += 1;
  markChanged(population, index);
  return idAt(population, index);
}

/** The named case, or else one that the seed chooses among those inside the list (`fromList`), or outside it. */
function chooseCase(population: Population, caseId: string | undefined, fromList: boolean): number {
  if (caseId !== undefined) {
    const index = indexOf(population, caseId);
    if (index === null) throw new Error(`Account ${population.account.id} of the sandbox has no case ${caseId}.`);
    return index;
  }
  const first = Math.floor(seeded(seedOf(population.seed, population.edits))() * population.size);
  for (let offset = 0; offset < population.size; offset += 1) {
    const index = (first + offset) % population.size;
    if (isListed(population, index) === fromList) return index;
  }
  throw new Error(
    `Account ${population.account.id} of the sandbox has no case ${fromList ? 'in' : 'out of'} its list.`,
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
