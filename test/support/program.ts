import { onTestFinished } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { Screen } from './screen.ts';

/**
 * Runs the program in this process, with output that is no terminal unless there is a `screen`: for tests of many commands, since a process takes a
 * second to start.
 */
export async function runHere(
  args: readonly string[],
  {
    cwd,
    env = {},
    signal,
    screen = null,
  }: { cwd: string; env?: NodeJS.ProcessEnv; signal?: AbortSignal; screen?: Screen | null },
) {
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  let [stdout, stderr, code] = ['', '', 0];
  await runProgram({
    arguments: args,
    variables: env,
    cwd,
    signal: signal ?? stopping.signal,
    isTerminal: false,
    terminal: screen,
    writeOutput: async (chunk) => {
      stdout += chunk;
    },
    print: (line) => {
      stdout += `${line}\n`;
      screen?.write(`${line}\n`);
    },
    printError: (line) => {
      stderr += `${line}\n`;
    },
    setExitCode: (exitCode) => {
      code = exitCode;
    },
  });
  return { code, stdout, stderr };
}
