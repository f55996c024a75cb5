import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Not Vitest's own number, which leaves one core to the terminal: on two cores that took 20 s instead of 12. No more
    // than eight, for each takes connections from the tests' Postgres.
    maxWorkers: Math.min(availableParallelism(), 8),
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.db.test.ts'] } },
      {
        test: {
          // A test that needs Postgres says so in its file name; the server is started only when one is asked for.
          name: 'db',
          include: ['test/**/*.db.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          testTimeout: 30_000,
        },
      },
    ],
  },
});
