import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** Sets the flags that the program sets for itself, before anything else is loaded. */
const runtime = join(import.meta.dirname, '../../src/runtime.js');
const LONGEST_MS = 15 * 60_000;

const started = z.object({ startMs: z.number() });
const passed = z.object({
  ms: z.number(),
  cpuMs: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  requests: z.number(),
  /** Peak memory of the process so far. */
  peakBytes: z.number(),
});

/** The worker in a process of its own. */
export type Worker = {
  /** Duration of its start. */
  startMs: number;
  /** Syncs all accounts once. */
  pass: () => Promise<z.infer<typeof passed>>;
  /** Stops the worker, also after a failure: the benchmark could not end while it runs. */
  [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * Starts the worker like `npm start`. With BENCH_PROFILE=FOLDER it writes a CPU profile there when it stops. This
 * function and the passes throw if the worker fails or exceeds the time limit.
 */
export async function startWorker(
  env: Record<string, string>,
  { replacement, signal }: { replacement?: string | undefined; signal: AbortSignal },
): Promise<Worker> {
  const child = spawn(process.execPath, [...flags(replacement), join(import.meta.dirname, 'programs/worker.ts')], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    timeout: LONGEST_MS,
    signal,
    killSignal: 'SIGKILL',
  });
  const exit = once(child, 'exit');
  const answer = async <T>(schema: z.ZodType<T>): Promise<T> => {
    const early = exit.then(([code, killedBy]) => {
      throw new Error(`the worker ended with ${code ?? killedBy}`);
    });
    const [message] = await Promise.race([once(child, 'message'), early]);
    return schema.parse(message);
  };
  const { startMs } = await answer(started);
  return {
    startMs,
    async pass() {
      child.send('pass');
      return answer(passed);
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      const [code, killedBy] = await exit;
      if (code !== 0) throw new Error(`the worker ended with ${code ?? killedBy}`);
    },
  };
}

function flags(replacement?: string): string[] {
  const folder = process.env.BENCH_PROFILE;
  const first = replacement === undefined ? [] : ['--import', replacement];
  return ['--import', runtime, ...first, ...(folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [])];
}
