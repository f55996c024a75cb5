import type { Figures } from './figures.ts';

/** Enough for some viewers of the same months. A month of 105 accounts takes some 40 KB. */
const MOST_KEPT = 50;

/**
 * Figures as they were known at an instant. The answers of the as-known functions up to known_until() never change, and
 * take a second or more for a million cases. The key must have all accounts that the viewer sees: rights may change.
 */
export class ReportedFigures {
  readonly #kept = new Map<string, Figures>();

  /** The kept figures; else those that are read, which are kept if they are final. */
  async get(key: readonly string[], isFinal: boolean, read: () => Promise<Figures>): Promise<Figures> {
    const name = JSON.stringify(key);
    const found = this.#kept.get(name);
    const figures = found ?? (await read());
    if (!isFinal) return figures;
    // The one that was asked for last is the last to go.
    this.#kept.delete(name);
    this.#kept.set(name, figures);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return figures;
  }
}
