import { defineConfig } from 'vitest/config';

// A test that needs Postgres says so in its file name; only when such a file is asked for is a server started.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.db.test.ts'] } },
      {
        test: {
          name: 'db',
          include: ['test/**/*.db.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          testTimeout: 30_000,
        },
      },
    ],
  },
});
