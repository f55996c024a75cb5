import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** A list in a file, as the API of the benchmark serves it. */
export type Served = { path: string; gzip: boolean; etag: string | null };

export type Api = {
  /** The base URL. */
  url: string;
  /** From now on these are all the lists there are, and every answer waits so long before it begins. */
  serve: (lists: Record<string, Served>, delayMs?: number) => Promise<void>;
  close: () => Promise<void>;
};

const started = z.object({ port: z.number() });

/** Starts the API as a process of its own. */
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
