import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Less is not worth a full collection, which takes 15 to 30 ms. */
const LIMIT_BYTES = 16 * 1024 * 1024;

export type Memory = {
  /** Bytes of live objects and of garbage, buffers included. */
  used: () => number;
  /** Collects all garbage; blocks the process meanwhile. */
  collect: () => void;
};

/**
 * Collects garbage when no job is under way. A run's buffers move to V8's old space, which V8 itself collects only after
 * another 64 MB of them. Memory would rise by that over some hundred runs, and malloc keeps most of what is freed.
 */
export class IdleGarbage {
  readonly #memory: Memory;
  #jobs = 0;
  /** The least that was used since the last collection. V8 counts freed buffers late, and collects garbage itself too. */
  #floor = Number.POSITIVE_INFINITY;

  constructor(memory: Memory = v8Memory()) {
    this.#memory = memory;
  }

  /** Does the job. Collects garbage after it if there is enough, and no other job is under way. */
  async after<T>(job: () => Promise<T>): Promise<T> {
    this.#jobs += 1;
    try {
      return await job();
    } finally {
      this.#jobs -= 1;
      if (this.#jobs === 0) this.#collect();
    }
  }

  #collect(): void {
    const used = this.#memory.used();
    this.#floor = Math.min(this.#floor, used);
    if (used - this.#floor < LIMIT_BYTES) return;
    this.#memory.collect();
    this.#floor = Number.POSITIVE_INFINITY;
  }
}

function v8Memory(): Memory {
  // Node's own way to `gc` without a flag on the command line: only contexts made after the flag have it.
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  return {
    used() {
      const { used_heap_size, external_memory } = getHeapStatistics();
      return used_heap_size + external_memory;
    },
    collect,
  };
}
