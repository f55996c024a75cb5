import type { Rejection } from '../model/case.ts';

/** The rejected items of the response that is being read. */
export class ListRejections {
  readonly #positionOf: (id: string) => number;
  #count = 0;
  #nameless = 0;
  #positions = new Set<number>();
  #fingerprints = new Set<string>();

  /** @param positionOf The position of the case with this id; -1 for a case that is not stored. */
  constructor(positionOf: (id: string) => number) {
    this.#positionOf = positionOf;
  }

  beginResponse(): void {
    this.#count = 0;
    this.#nameless = 0;
    this.#positions = new Set();
    this.#fingerprints = new Set();
  }

  /** Adds one and gives the position of its case; -1 for a case that is not stored or cannot be told. */
  add(fingerprint: Buffer, { caseId }: Rejection): number {
    this.#count += 1;
    this.#fingerprints.add(fingerprint.toString('base64'));
    if (caseId === null) this.#nameless += 1;
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

  /** Whether one is of the case at this position, which is therefore in the list. */
  has(position: number): boolean {
    return this.#positions.has(position);
  }

  /** Whether one does not tell its case, and may be of any. */
  get hasNameless(): boolean {
    return this.#nameless > 0;
  }
}
