/**
 * A value that costs too much for each reader. It is read in the background, again once it is older than `everyMs`; if
 * that fails, there is none until it succeeds. `onFailure` gets the first error after a success.
 */
export class BackgroundValue<T> {
  readonly #read: () => Promise<T>;
  readonly #everyMs: number;
  readonly #onFailure: (error: unknown) => void;
  #value: T | null = null;
  #readAt: number | null = null;
  #isReading = false;
  #isFailing = false;

  constructor(
    read: () => Promise<T>,
    { everyMs, onFailure }: { everyMs: number; onFailure: (error: unknown) => void },
  ) {
    this.#read = read;
    this.#everyMs = everyMs;
    this.#onFailure = onFailure;
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
      this.#isFailing = false;
    } catch (error) {
      this.#value = null;
      if (!this.#isFailing) this.#onFailure(error);
      this.#isFailing = true;
    } finally {
      this.#isReading = false;
    }
  }
}
