import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** A list in a file, served by the API of the benchmark. */
export type Served = { path: string; gzip: boolean; etag: string | null };

export type Api = {
  /** The base URL. */
  url: string;
  /** Replaces all lists, and delays every answer by this time from now on. */
  serve: (lists: Record<string, Served>, delayMs?: number) => Promise<void>;
  close: () => Promise<void>;
};

const started = z.object({ port: z.number() });

/** Starts the API in a process of its own. */
export async function startApi(): Promise<Api> {
  const child = fork(join(import.meta.dirname, 'programs/api.ts'));
  const [message]: unknown[] = await once(child, 'message');
  const { port } = started.parse(message);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async serve(lists, delayMs = 0) {
      const heard = once(child, 'message');
      child.send({ delayMs, lists });
      await heard;
    },
    async close() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
