import { expect, test } from 'vitest';
import { IdleGarbage } from '../../src/worker/idle-garbage.ts';

const MEGABYTE = 1024 * 1024;

/** A memory with 40 MB of live objects; each job leaves some garbage behind. */
function createMemory() {
  const memory = { live: 40 * MEGABYTE, garbage: 0, collections: 0 };
  const idle = new IdleGarbage({
    used: () => memory.live + memory.garbage,
    collect() {
      memory.garbage = 0;
      memory.collections += 1;
    },
  });
  const job = (bytes: number) => async () => {
    memory.garbage += bytes;
  };
  return { memory, idle, job };
}

test('a thousand runs leave at most the limit of garbage, and few collections', async () => {
  const { memory, idle, job } = createMemory();
  for (let run = 0; run < 1000; run += 1) {
    await idle.after(job(MEGABYTE / 4));
    expect(memory.garbage).toBeLessThanOrEqual(17 * MEGABYTE);
  }
  expect(memory.collections).toBeLessThanOrEqual(17);
});

test('garbage waits while another job is under way', async () => {
  const { memory, idle, job } = createMemory();
  await idle.after(job(0));
  const other = Promise.withResolvers<void>();
  const both = idle.after(() => other.promise);
  await idle.after(job(50 * MEGABYTE));
  expect(memory.collections).toBe(0);
  other.resolve();
  await both;
  expect(memory.collections).toBe(1);
});

test('a job that fails ends the wait like any other, and its error is passed on', async () => {
  const { memory, idle, job } = createMemory();
  await idle.after(job(0));
  const failing = idle.after(async () => {
    memory.garbage += 50 * MEGABYTE;
    throw new Error('failed');
  });
  await expect(failing).rejects.toThrow('failed');
  expect(memory.collections).toBe(1);
});

test('live objects that grow and stay are not collected again and again', async () => {
  const { memory, idle, job } = createMemory();
  await idle.after(job(0));
  memory.live += 100 * MEGABYTE;
  for (let run = 0; run < 10; run += 1) await idle.after(job(0));
  expect(memory.collections).toBe(1);
});

test('the collector of this process frees dead buffers', async () => {
  const idle = new IdleGarbage();
  await idle.after(async () => {});
  let buffers: Buffer[] = Array.from({ length: 4 }, () => Buffer.alloc(32 * MEGABYTE, 1));
  expect(process.memoryUsage().arrayBuffers).toBeGreaterThan(128 * MEGABYTE);
  buffers = [];
  await idle.after(async () => {});
  await expect.poll(() => process.memoryUsage().arrayBuffers + buffers.length).toBeLessThan(64 * MEGABYTE);
});
