import type { Figures } from './figures.ts';

/** Enough for some viewers of the same months. A month of 105 accounts takes some 40 KB. */
const MOST_KEPT = 50;

/**
 * Figures as they were known at an instant. The answers of the as-known functions up to known_until() never change, and
 * take a second or more for a million cases. The key must have all accounts that the viewer sees: rights may change.
 */
export class ReportedFigures {
  readonly #kept = new Map<string, Figures>();

  /** The kept figures; null = none. */
  find(key: readonly string[]): Figures | null {
    return this.#kept.get(JSON.stringify(key)) ?? null;
  }

  /** Keeps figures that were asked for, if they are final. */
  keep(key: readonly string[], isFinal: boolean, figures: Figures): void {
    if (!isFinal) return;
    const name = JSON.stringify(key);
    // The one that was asked for last is the last to go.
    this.#kept.delete(name);
    this.#kept.set(name, figures);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
