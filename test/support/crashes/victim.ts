import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order } from './worker-process.ts';

const root = join(import.meta.dirname, '../../..');
const program = join(import.meta.dirname, 'worker-process.ts');
const compileCache = join(root, 'node_modules/.cache/cdd-sync-tests');
/** Only ends a worker that hangs. */
const LIMIT_MS = 120_000;

export type Worker = {
  kill: (signal: NodeJS.Signals) => void;
  /** Its exit code; null when a signal ended it. */
  exit: Promise<number | null>;
  log: () => string;
};

/** Starts a command as a process of its own. It is killed if it has not ended after two minutes. */
export function startWorker(order: Order): Worker {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const exit = once(child, 'close').then(([code]: (number | null)[]) => {
    clearTimeout(timer);
    return code ?? null;
  });
  return { kill: (signal) => child.kill(signal), exit, log: () => log };
}
