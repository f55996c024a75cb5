import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'src/main.ts');
/** What Node made of the program's files, for the next start: a third of one is taking them in. */
const compiled = join(root, 'node_modules/.cache/cdd-sync-tests');

export type Cli = {
  pid: number;
  /** What was printed so far. */
  stdout: () => string;
  stderr: () => string;
  /** Resolves when stdout or stderr has the text; rejects when the process ends without it. */
  says: (text: string) => Promise<void>;
  kill: (signal: NodeJS.Signals) => void;
  /** The exit code; null when a signal ended it. */
  exit: Promise<number | null>;
};

/** Starts the program as a user would, with nothing in its environment that it reads but what is given. */
export function startCli(args: string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }): Cli {
  const surroundings = { PATH: process.env.PATH, HOME: cwd, NODE_COMPILE_CACHE: compiled };
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...surroundings, ...env } });
  // A test that fails in the middle must not leave a worker behind.
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
    async says(text) {
      while (!(stdout + stderr).includes(text)) {
        const ended = await Promise.race([
          exit.then(() => true),
          Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]).then(() => false),
        ]);
        if (ended && !(stdout + stderr).includes(text)) throw new Error(`ended without "${text}":\n${stdout}${stderr}`);
      }
    },
    kill: (signal) => child.kill(signal),
    exit,
  };
}

/** Runs a command to its end. */
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

/** A folder with a configuration that reads these accounts of a sandbox. */
export async function configured(sandboxUrl: string, accounts: string[], more: string[] = []): Promise<string> {
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

/** The variables that such a configuration asks for. */
export function secretsOf(accounts: string[]): Record<string, string> {
  return Object.fromEntries(accounts.map((id) => [`SECRET_${id}`, sandboxCredentials(id).clientSecret]));
}
