import { describe, expect, test } from 'vitest';
import { type Batch, Batcher, type ReadCase } from '../../src/sync/batcher.ts';

/** A batcher with saves that end when the test resolves them. */
function heldBatcher() {
  const begun: Batch[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const batcher = new Batcher((batch) => {
    const end = Promise.withResolvers<void>();
    begun.push(batch);
    ends.push(end);
    return end.promise;
  });
  const addMany = async (count: number) => {
    for (let number = 0; number < count; number += 1) {
      batcher.addReturned(`${number}`);
      await batcher.saveIfFull();
    }
  };
  return { batcher, begun, ends, addMany };
}

const rejectedItem = (body: string) => ({
  rejection: { caseId: null, path: '', reason: 'of this test' },
  fingerprint: Buffer.alloc(32),
  body,
});

const readCase: ReadCase = {
  id: '',
  fingerprint: Buffer.alloc(32),
  contentHash: null,
  document: Buffer.from('{}'),
  problems: [],
  hasErrors: false,
  readable: null,
  transitions: [],
  known: true,
};

describe('the batcher', () => {
  test('begins to save at nine hundred cases, not before', async () => {
    const { begun, addMany } = heldBatcher();
    await addMany(899);
    expect(begun).toEqual([]);
    await addMany(1);
    expect(begun.map(({ returned }) => returned.length)).toEqual([900]);
  });

  test('begins to save at three hundred cases that are stored already', async () => {
    const { batcher, begun } = heldBatcher();
    for (let number = 0; number < 300; number += 1) {
      expect(begun).toEqual([]);
      batcher.addRead({ ...readCase, id: `case ${number}` });
      await batcher.saveIfFull();
    }
    expect(begun.map(({ read }) => read.length)).toEqual([300]);
  });

  test('begins to save fewer cases when they are large', async () => {
    const { batcher, begun } = heldBatcher();
    for (let number = 0; number < 4; number += 1) {
      batcher.addRejected(rejectedItem('x'.repeat(1024 * 1024)));
      await batcher.saveIfFull();
    }
    expect(begun.map(({ rejected }) => rejected.length)).toEqual([4]);
  });

  test('reads on while one batch is saved, and waits while two are', async () => {
    const { begun, ends, addMany } = heldBatcher();
    await addMany(900);
    let isWaiting = true;
    const second = addMany(900).then(() => {
      isWaiting = false;
    });
    await new Promise(setImmediate);
    expect(begun).toHaveLength(2);
    expect(isWaiting).toBe(true);
    ends[0]?.resolve();
    await second;
  });

  test('saves the last cases when it is drained, and no empty batch', async () => {
    const { batcher, begun, ends, addMany } = heldBatcher();
    await addMany(3);
    const drained = batcher.drain();
    ends[0]?.resolve();
    await drained;
    await batcher.drain();
    expect(begun.map(({ returned }) => returned.length)).toEqual([3]);
  });

  test('saves no further batch after one that failed, and rejects with its error', async () => {
    const { batcher, begun, ends, addMany } = heldBatcher();
    await addMany(900);
    ends[0]?.reject(new Error('disk full'));
    await new Promise(setImmediate);
    await expect(addMany(1)).rejects.toThrow('disk full');
    await expect(batcher.drain()).rejects.toThrow('disk full');
    expect(begun).toHaveLength(1);
  });
});
