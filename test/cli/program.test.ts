import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageContent from '../../package.json' with { type: 'json' };
import type { ProcessContext } from '../../src/cli/process-context.ts';
import { runProgram } from '../../src/cli/program.ts';
import { neverAborted } from '../support/list-server.ts';

async function run(...parts: string[]) {
  return runWith({}, ...parts);
}

async function runWith(more: Partial<ProcessContext>, ...parts: string[]) {
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
    ...more,
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

test.each([
  ['erase', '--case', 'P12345678/1', '--case', 'P12345678/2', '--yes'],
  ['erase', '--due', '--account', 'P12345678', '--account', 'P11200001'],
  ['hold', '1', '--account', 'P12345678', '--account', 'P11200001', '--reason', 'x'],
  ['evidence', '--case', '1', '-o', 'a', '-o', 'b'],
])(
  'an option of %s that takes one value and is given twice is refused, so that none is passed over',
  async (...parts) => {
    expect(await run(...parts)).toMatchObject({
      ...{ printed: [], errors: expect.stringContaining('It was given before'), exitCode: 2 },
    });
  },
);

test('a configuration that does not exist has exit code 2, and says how to make one', async () => {
  const { errors, exitCode } = await run('sync');
  expect(errors).toContain('Run cdd-sync init');
  expect(exitCode).toBe(2);
});

test('an error at a terminal is broken between words, and elsewhere it is one line', async () => {
  const variables = { CDD_SYNC_CONFIG: `/nowhere/${'long-name/'.repeat(6)}cdd-sync.yaml` };
  const { errors: whole } = await runWith({ variables }, 'sync');
  const { errors } = await runWith({ variables, isTerminal: true }, 'sync');
  expect(whole.split('\n')).toHaveLength(2);
  expect(errors.split('\n').map((line) => line.length <= 80 || /^ *\S+$/.test(line))).not.toContain(false);
  expect(errors.split('\n').length).toBeGreaterThan(3);
  expect(errors.replaceAll(/\s+/g, ' ')).toBe(whole.replaceAll(/\s+/g, ' '));
});

test.skipIf(!existsSync('/dev/full'))('output that cannot be written is told, and is no success', () => {
  const main = join(import.meta.dirname, '../../src/main.ts');
  const stdout = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [main, '--version'], { stdio: ['ignore', stdout, 'pipe'] });
  closeSync(stdout);
  expect({ status, stderr: String(stderr) }).toEqual({
    status: 1,
    stderr: 'Stopped: the output could not be written: the disk is full; make room there.\n',
  });
});
