// Other programs, each with a limit of time. A program that fails tells the end of its output.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

type Surroundings = { cwd: string; env?: Record<string, string> };

const MINUTE = 60_000;
/** Longer than any step on a busy machine. */
const LIMIT_MS = 20 * MINUTE;
const MAX_LINES = 30;

/** Runs a program to its end and returns its output. */
export async function run(program: string, args: readonly string[], options: Surroundings): Promise<string> {
  const child = start(program, args, options);
  child.stdin?.end();
  let output = '';
  const append = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  const [code, signal] = await once(child, 'close').catch((error: Error) => [error.message, null]);
  if (code !== 0) throw programError([program, ...args].join(' '), signal ?? code, output);
  return output;
}

/** Starts a program, which gets SIGTERM after the limit. Only the given variables and PATH are in its environment. */
export function start(program: string, args: readonly string[], { cwd, env = {} }: Surroundings): ChildProcess {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|LANG|PIP_.*|HTTPS?_PROXY|SSL_CERT_FILE)$/i.test(name),
  );
  return spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(kept), HOME: cwd, ...env },
    timeout: LIMIT_MS,
  });
}

export function programError(command: string, reason: unknown, output: string): Error {
  const end = output.trimEnd().split('\n').slice(-MAX_LINES).join('\n');
  return new Error(`${command} ended with ${reason}:\n${end}`);
}
