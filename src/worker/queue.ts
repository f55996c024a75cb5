import pLimit from 'p-limit';
import type { RunTrigger } from '../case.ts';

export type Queue = {
  /** Asks for a run; does nothing while one of that account waits or is under way. */
  add: (accountId: string, trigger: RunTrigger) => void;
  /** Resolves when nothing waits and nothing is under way. */
  idle: () => Promise<void>;
};

/** Runs accounts side by side, at most `concurrency` at once and never one account twice. `run` must not reject. */
export function createQueue({
  concurrency,
  run,
}: {
  concurrency: number;
  run: (accountId: string, trigger: RunTrigger) => Promise<void>;
}): Queue {
  const limit = pLimit(concurrency);
  const tasks = new Map<string, Promise<void>>();
  return {
    add(accountId, trigger) {
      if (tasks.has(accountId)) return;
      tasks.set(
        accountId,
        limit(() => run(accountId, trigger)).finally(() => tasks.delete(accountId)),
      );
    },
    async idle() {
      while (tasks.size > 0) await Promise.all(tasks.values());
    },
  };
}
