import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/**
 * The only limits of the tests. They end a test that hangs; they do not judge speed (that is the task of bench/), so they
 * leave room for a machine that is busy with other work.
 */
const limits = {
  testTimeout: 10 * MINUTE,
  hookTimeout: 10 * MINUTE,
  expect: { poll: { timeout: 9 * MINUTE, interval: 20 } },
};

/**
 * Files share the processes that run them. With a process for each file, importing the program's packages took half of
 * the unit tests' processor time, and 0.9 s for each file of the database tests.
 */
const shared = { isolate: false, setupFiles: 'test/support/restore.ts' };

/** Files that measure the memory of their process: what other files left there would change the result. */
const MEMORY = [
  'test/dintero/cases/large-items.test.ts',
  'test/json-list/splitter-memory.test.ts',
  'test/worker/idle-garbage.test.ts',
];

export default defineConfig({
  test: {
    // Two more than cores, because tests wait half of their time: for schedules, leases, and processes that end. At most
    // eight, because each worker takes connections of the tests' Postgres.
    maxWorkers: Math.min(availableParallelism() + 2, 8),
    teardownTimeout: 2 * MINUTE,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.db.test.ts', 'test/package', ...MEMORY],
          ...shared,
          ...limits,
        },
      },
      { test: { name: 'memory', include: MEMORY, ...limits } },
      {
        test: {
          // Needs Postgres; global-setup.ts starts one only when such a file is asked for.
          name: 'db',
          include: ['test/**/*.db.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          ...shared,
          ...limits,
        },
      },
      {
        test: {
          // Needs the npm registry, so it is no part of npm test.
          name: 'package',
          include: ['test/package/*.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          ...limits,
        },
      },
    ],
  },
});
