import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Surroundings } from './list.ts';
import { startPgBouncer } from './pgbouncer.ts';
import { startServer } from './server.ts';

export type Outcome = { surroundings: string; passed: number; failed: number | string; seconds: number };

const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), success: z.boolean() });

/** Runs the database tests in these surroundings; `files` are filters of vitest. */
export async function runTests(chosen: Surroundings, files: readonly string[]): Promise<Outcome> {
  const startedAt = performance.now();
  const server = await startServer(chosen);
  try {
    const pooler = chosen.isPooled ? await startPgBouncer(server) : null;
    try {
      const url = (port: number) => `postgresql://postgres:${server.password}@127.0.0.1:${port}/postgres`;
      const output = join(server.home, 'report.json');
      const excluded = chosen.excluded.map((each) => `--exclude=${each.files}`);
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
      const child = spawn('vitest', ['run', '--project', 'db', ...excluded, ...reporters, ...files], {
        stdio: 'inherit',
        env: {
          ...process.env,
          TEST_DATABASE_URL: url(pooler?.port ?? server.port),
          TEST_DIRECT_URL: url(server.port),
        },
      });
      await once(child, 'exit');
      const {
        numPassedTests: passed,
        numFailedTests,
        success,
      } = report.parse(JSON.parse(await readFile(output, 'utf8')));
      // A file that cannot be loaded, or a hook that fails, has no failed test.
      const failed = success ? numFailedTests : Math.max(numFailedTests, 1);
      return { surroundings: chosen.name, passed, failed, seconds: Math.round((performance.now() - startedAt) / 1000) };
    } finally {
      await pooler?.stop();
    }
  } finally {
    await server.stop();
  }
}
