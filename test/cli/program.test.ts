import { expect, test } from 'vitest';
import packageContent from '../../package.json' with { type: 'json' };
import { runProgram } from '../../src/cli/program.ts';
import { neverAborted } from '../support/list-server.ts';

async function run(...parts: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  let exitCode = 0;
  await runProgram({
    arguments: parts,
    variables: {},
    cwd: '/nowhere',
    signal: neverAborted,
    isTerminal: false,
    terminal: null,
    writeOutput: async (chunk) => void printed.push(String(chunk)),
    print: (line) => printed.push(line),
    printError: (line) => errors.push(line),
    setExitCode: (code) => {
      exitCode = code;
    },
  });
  return { printed, errors: errors.join('\n'), exitCode };
}

test.each(['--version', '-V'])('%s prints the version alone', async (option) => {
  expect(await run(option)).toEqual({ printed: [packageContent.version], errors: '', exitCode: 0 });
});

test.each([
  ['nonsense'],
  ['status', '--nonsense'],
  ['sync', '--account'],
  ['grant-reader'],
  ['sandbox', '--port', '65536'],
  ['sandbox', '--cases', '1000001'],
])('the wrong usage %s %s has exit code 2', async (...parts) => {
  expect(await run(...parts)).toMatchObject({ printed: [], exitCode: 2 });
});

test('a configuration that does not exist has exit code 2, and says how to make one', async () => {
  const { errors, exitCode } = await run('sync');
  expect(errors).toContain('Run cdd-sync init');
  expect(exitCode).toBe(2);
});
