import { defineConfig } from 'vitest/config';

/** The tests of the closing of a run in the database. They are apart because they are slow; limits as in rules.config.ts. */
export default defineConfig({
  test: {
    include: ['test/sync/{etag,missing}.db.test.ts', 'test/store/runs/{closing,run-lock}.db.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
