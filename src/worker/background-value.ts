/**
 * A value that costs too much for each reader. It is read in the background, again once it is older than `everyMs`; if
 * that fails, there is none until it succeeds.
 */
export class BackgroundValue<T> {
  readonly #read: () => Promise<T>;
  readonly #everyMs: number;
  #value: T | null = null;
  #readAt: number | null = null;
  #isReading = false;

  constructor(read: () => Promise<T>, everyMs: number) {
    this.#read = read;
    this.#everyMs = everyMs;
  }

  /** The last value, without waiting; null if there is none yet. */
  latest(): T | null {
    const isOld = this.#readAt === null || performance.now() - this.#readAt >= this.#everyMs;
    if (isOld && !this.#isReading) void this.#renew();
    return this.#value;
  }

  async #renew(): Promise<void> {
    this.#isReading = true;
    try {
      this.#value = await this.#read();
      this.#readAt = performance.now();
    } catch {
      // The metrics say by themselves that the database is down.
      this.#value = null;
    } finally {
      this.#isReading = false;
    }
  }
}
