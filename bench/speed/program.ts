import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';

const LONGEST_MS = 15 * 60_000;

/**
 * Runs a program of the benchmark in a new process, so that no code is warm and its memory is measured alone. Returns
 * its output. Throws if it fails or exceeds the time limit.
 */
export async function runProgram<T>(name: string, { args = [], env = {}, result, signal }: Options<T>): Promise<T> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'programs', name), ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LONGEST_MS,
    signal,
    killSignal: 'SIGKILL',
  });
  const [printed, [code, killedBy]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${code ?? killedBy}`);
  return result.parse(JSON.parse(printed));
}

type Options<T> = {
  args?: string[];
  env?: Record<string, string>;
  result: z.ZodType<T>;
  signal: AbortSignal;
};
