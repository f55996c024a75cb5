import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'src/main.ts');
/** Node's compile cache: compiling the program's files is a third of a start. */
export const compileCache = join(root, 'node_modules/.cache/cdd-sync-tests');

export type Cli = {
  pid: number;
  /** Output so far. */
  stdout: () => string;
  stderr: () => string;
  /** Resolves when stdout or stderr has the text; rejects when the process ends without it. */
  waitForOutput: (text: string) => Promise<void>;
  kill: (signal: NodeJS.Signals) => void;
  /** Ends the reader of stderr, like the end of a program behind a pipe. */
  closeStderr: () => void;
  /** The same for stdout. */
  closeStdout: () => void;
  /** The exit code; null when a signal ended it. */
  exit: Promise<number | null>;
};

/** Starts the program as a user would, with only the given variables and PATH in its environment. */
export function startCli(args: string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }): Cli {
  const surroundings = { PATH: process.env.PATH, HOME: cwd, NODE_COMPILE_CACHE: compileCache };
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...surroundings, ...env } });
  // A failed test must not leave a worker running.
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const exit = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    async waitForOutput(text) {
      while (!(stdout + stderr).includes(text)) {
        const ended = await Promise.race([
          exit.then(() => true),
          Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]).then(() => false),
        ]);
        if (ended && !(stdout + stderr).includes(text)) throw new Error(`ended without "${text}":\n${stdout}${stderr}`);
      }
    },
    kill: (signal) => child.kill(signal),
    closeStderr: () => void child.stderr.destroy(),
    closeStdout: () => void child.stdout.destroy(),
    exit,
  };
}

/** Runs a command until it exits. */
export async function runCli(args: string[], surroundings: { cwd: string; env?: Record<string, string> }) {
  const cli = startCli(args, surroundings);
  const code = await cli.exit;
  return { code, stdout: cli.stdout(), stderr: cli.stderr() };
}

/** Creates a folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cdd-sync-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a configuration for these accounts of a sandbox, and returns its folder. */
export async function writeConfig(sandboxUrl: string, accounts: string[], more: string[] = []): Promise<string> {
  const folder = await temporaryFolder();
  const lines = [
    'api:',
    `  baseUrl: ${sandboxUrl}`,
    'accounts:',
    ...accounts.flatMap((id) => [
      `  - id: ${id}`,
      `    clientId: ${sandboxCredentials(id).clientId}`,
      `    clientSecret: \${SECRET_${id}}`,
    ]),
    ...more,
  ];
  await writeFile(join(folder, 'cdd-sync.yaml'), `${lines.join('\n')}\n`);
  return folder;
}

/** The environment variables that such a configuration refers to. */
export function secretVariables(accounts: string[]): Record<string, string> {
  return Object.fromEntries(accounts.map((id) => [`SECRET_${id}`, sandboxCredentials(id).clientSecret]));
}
