import { describe, expect, test } from 'vitest';
import { createBatches } from '../../src/sync/batcher.ts';

/** How many cases the first batch has, while so many of the list are still to be read. */
function firstBatchOf(unread: number | null): number {
  const batches = createBatches(
    async () => {},
    () => unread,
  );
  let cases = 0;
  while (!batches.isDue()) {
    batches.returned(`${cases}`);
    cases += 1;
  }
  return cases;
}

describe('a batch while nothing is being saved', () => {
  test.for([null, 10_000, 1_000_000])('is begun with a hundred cases while %s are to be read', (unread) => {
    expect(firstBatchOf(unread)).toBe(100);
  });

  test('is begun with a hundredth of what is left when that is less', () => {
    expect([9_000, 5_000, 1_000].map(firstBatchOf)).toEqual([90, 50, 10]);
  });

  test('is left for the end when hardly anything is left, if it is of less than a hundred', () => {
    expect([999, 1, 0].map(firstBatchOf)).toEqual([100, 100, 100]);
  });
});

describe('a batch while another one is being saved', () => {
  test('is begun with nine hundred cases', async () => {
    const { promise: saved, resolve } = Promise.withResolvers<void>();
    const batches = createBatches(
      () => saved,
      () => null,
    );
    batches.returned('first');
    await batches.saveInHand();
    for (let cases = 0; cases < 899; cases += 1) batches.returned(`${cases}`);
    expect(batches.isDue()).toBe(false);
    batches.returned('last');
    expect(batches.isDue()).toBe(true);
    resolve();
    await batches.drain();
  });
});
