import { eventsOf } from './case-events.ts';
import { documentOf } from './document.ts';
import { isObject, type JsonObject, withKeysReversed } from './json.ts';
import { accountSeedOf, caseIdOf, caseSeedAt, indexOfCaseId, type PopulationSeed } from './seeds.ts';
import { nextChangeAfter, timelineOf } from './timeline.ts';

/** An edited case: it no longer follows its timeline. `copies` is how often the list contains it. */
export type EditedCase = { document: JsonObject; isListed: boolean; copies: number };

/** Cases per cached page of the list's text. */
export const casesPerPage = 64;

/** The cases of one account, numbered in the order of their creation, which is the order of the list. */
export class Population {
  now = 0;
  size = 0;
  readonly edited = new Map<number, EditedCase>();
  /** Raw items at the end of the list. */
  readonly appended: Buffer[] = [];
  /** A response body served instead of the list. */
  override: Buffer | null = null;
  areKeysReversed = false;
  /** Number of edits so far; it determines which case the seed chooses next. */
  edits = 0;
  /** Increases with every change of the list. */
  revision = 0;
  /** The case that changed last; null for an account without cases. */
  lastChanged: number | null = null;
  /** Cached JSON text of the list by page; a change of a case removes its page. */
  readonly pages = new Map<number, Buffer>();
  readonly origin: PopulationSeed;
  /** For each case the time of its next change by timeline. */
  readonly #nextChanges: number[] = [];

  constructor(origin: PopulationSeed) {
    this.origin = origin;
    this.advanceTo(origin.start);
  }

  /** Moves the population's time to `now`. The result does not depend on the number of steps. */
  advanceTo(now: number): void {
    this.now = now;
    for (const [index, nextChange] of this.#nextChanges.entries()) {
      if (nextChange > now) continue;
      this.#nextChanges[index] = nextChangeAfter(timelineOf(caseSeedAt(this.origin, index)), now);
      if (!this.edited.has(index)) this.markChanged(index);
    }
    let next = caseSeedAt(this.origin, this.size);
    while (next.createdAt <= now) {
      this.#nextChanges.push(nextChangeAfter(timelineOf(next), now));
      this.markChanged(next.index);
      this.size += 1;
      next = caseSeedAt(this.origin, this.size);
    }
  }

  /** Records that a case of the list has changed. */
  markChanged(index: number): void {
    this.pages.delete(Math.floor(index / casesPerPage));
    this.revision += 1;
    this.lastChanged = index;
  }

  /** A copy of the case's document, whether the list contains it or not. */
  documentAt(index: number, withContracts: boolean): JsonObject {
    const edited = this.edited.get(index);
    if (!edited) return documentOf(caseSeedAt(this.origin, index), this.now, withContracts);
    const document = structuredClone(edited.document);
    return withContracts ? document : withoutContracts(document);
  }

  /** The list's items for the case: none if it was removed, several if it is repeated. */
  itemsAt(index: number, withContracts: boolean): JsonObject[] {
    if (!this.isListed(index)) return [];
    const document = this.documentAt(index, withContracts);
    const item = this.areKeysReversed ? withKeysReversed(document) : document;
    return Array.from({ length: this.edited.get(index)?.copies ?? 1 }, () => item);
  }

  /** Whether the list contains the case; false after its removal. */
  isListed(index: number): boolean {
    return this.edited.get(index)?.isListed ?? true;
  }

  /** The number of the case with this id; null when the account does not have it. */
  indexOf(caseId: string): number | null {
    for (const id of [this.origin.accountId, ...this.origin.merchants]) {
      const index = indexOfCaseId(accountSeedOf(this.origin.worldSeed, id), caseId);
      if (index < this.size && this.idAt(index) === caseId) return index;
    }
    return null;
  }

  /** The id of case number `index`. */
  idAt(index: number): string {
    return caseIdOf(caseSeedAt(this.origin, index).seed, index);
  }

  /** The numbers of all cases, those removed from the list included. */
  indexes(): number[] {
    return [...Array(this.size).keys()];
  }
}

function withoutContracts(document: JsonObject): JsonObject {
  for (const event of eventsOf(document)) {
    if (isObject(event.case)) delete event.case.contracts;
  }
  return document;
}
