import type { Rejection } from '../model/case.ts';

/** The rejected items of the response that is being read. */
export class ListRejections {
  readonly #positionOf: (id: string) => number;
  #count = 0;
  #unreadableIds = 0;
  #positions = new Set<number>();
  #fingerprints = new Set<string>();

  /** @param positionOf The position of the case with this id; -1 for a case that is not stored. */
  constructor(positionOf: (id: string) => number) {
    this.#positionOf = positionOf;
  }

  beginResponse(): void {
    this.#count = 0;
    this.#unreadableIds = 0;
    this.#positions = new Set();
    this.#fingerprints = new Set();
  }

  /**
   * Adds an item and returns the position of its case; -1 if the case is not stored, or the item's id cannot be read.
   */
  add(fingerprint: Buffer, { caseId }: Rejection): number {
    this.#count += 1;
    this.#fingerprints.add(fingerprint.toString('base64'));
    if (caseId === null) this.#unreadableIds += 1;
    const position = caseId === null ? -1 : this.#positionOf(caseId);
    if (position !== -1) this.#positions.add(position);
    return position;
  }

  get count(): number {
    return this.#count;
  }

  get fingerprints(): Buffer[] {
    return [...this.#fingerprints].map((text) => Buffer.from(text, 'base64'));
  }

  /** Whether the case at this position was rejected. Then it is in the list, and not missing. */
  has(position: number): boolean {
    return this.#positions.has(position);
  }

  /** Whether the id of any item cannot be read. Such an item may be any case. */
  get hasUnreadableId(): boolean {
    return this.#unreadableIds > 0;
  }
}
