import { describe, expect, it } from 'vitest';
import { createQueue } from '../../src/worker/queue.ts';

/** A queue whose runs end when told to; `running` are the accounts under way. */
function controlled(concurrency: number) {
  const running = new Map<string, () => void>();
  const started: string[] = [];
  const queue = createQueue({
    concurrency,
    run: (accountId) => {
      started.push(accountId);
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(accountId, resolve);
      return promise.finally(() => running.delete(accountId));
    },
  });
  return { queue, running, started };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue', () => {
  it('runs at most as many accounts at once as concurrency says', async () => {
    const { queue, running, started } = controlled(2);
    for (const id of ['a', 'b', 'c']) queue.add(id, 'schedule');
    await settle();
    expect([...running.keys()]).toEqual(['a', 'b']);
    running.get('a')?.();
    await settle();
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('does not take an account twice while it waits or is under way, and takes it again after that', async () => {
    const { queue, running, started } = controlled(1);
    for (const id of ['a', 'b', 'a', 'b']) queue.add(id, 'schedule');
    await settle();
    running.get('a')?.();
    await settle();
    running.get('b')?.();
    await settle();
    expect(started).toEqual(['a', 'b']);
    queue.add('a', 'schedule');
    await settle();
    expect(started).toEqual(['a', 'b', 'a']);
  });

  it('is idle only when nothing waits and nothing is under way', async () => {
    const { queue, running } = controlled(1);
    queue.add('a', 'schedule');
    queue.add('b', 'schedule');
    let idle = false;
    const waiting = queue.idle().then(() => {
      idle = true;
    });
    await settle();
    running.get('a')?.();
    await settle();
    expect(idle).toBe(false);
    running.get('b')?.();
    await waiting;
  });
});
