import { defineConfig } from 'vitest/config';

// Stryker's own key `testFiles` cannot be used: with it, changes of constants are made too late to be noticed.

/** The tests of the mutation check: only fast ones, because they run once for every change. */
export default defineConfig({
  test: {
    include: [
      'test/dintero/cases/{parse,problems,rejection,timestamps}.test.ts',
      'test/json-list/{boundary-prediction,content-hash,splitter}.test.ts',
      'test/sync/{missing-guard,run,run-heartbeat,transitions}.test.ts',
    ],
    setupFiles: 'test/support/restore.ts',
    // Stryker has a limit of its own, relative to the time of the first run.
    testTimeout: 600_000,
  },
});
