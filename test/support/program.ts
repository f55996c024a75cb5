import { onTestFinished } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

/**
 * Runs the program in this process, with output that is no terminal: for tests of many commands, since a process takes a
 * second to start.
 */
export async function runHere(
  args: readonly string[],
  { cwd, env = {}, signal }: { cwd: string; env?: NodeJS.ProcessEnv; signal?: AbortSignal },
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
    terminal: null,
    writeOutput: async (chunk) => {
      stdout += chunk;
    },
    print: (line) => {
      stdout += `${line}\n`;
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
