import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { runHere } from '../support/program.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '../../src/main.ts');

/** Labels are data: a shell must neither run nor split them. */
const CONFIG = `accounts:
  - { id: P12345678, label: "Bjørk \\"AS\\" $(touch owned) \`touch owned\`: it's\\n\\tP99999999", clientSecret: "\${NOT_SET}" }
  - { id: T12345678, clientId: a }
  - { id: "$(touch owned)" }
partners: not a list
`;

/** Words that a real bash offers for a command line whose last word is being typed. */
async function completer() {
  const cwd = await temporaryFolder();
  const { stdout: script } = await runHere(['completion', 'bash'], { cwd });
  await writeFile(join(cwd, 'completion.bash'), script);
  await writeFile(join(cwd, 'cdd-sync'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(join(cwd, 'cdd-sync'), 0o755);
  await writeFile(join(cwd, 'cdd-sync.yaml'), CONFIG);
  const offered = async (...words: string[]): Promise<string[]> => {
    const typed = `source ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cdd_sync; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { PATH: `${cwd}:${process.env.PATH}`, HOME: cwd };
    const { stdout, stderr } = await run('bash', ['--norc', '-c', typed, 'bash', 'cdd-sync', ...words], { cwd, env });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  };
  return { cwd, offered };
}

describe('completion', () => {
  test('offers verbs, options, values and views in bash, without a database', async () => {
    const { offered } = await completer();
    expect(await offered('s')).toEqual(['start', 'sync', 'status', 'show', 'sandbox']);
    expect(await offered('show', 'case')).toEqual(expect.arrayContaining(['cases', 'case_timeline', 'cases_as_of']));
    expect(await offered('show', 'sh')).toEqual(['shape']);
    expect(await offered('show', 'shape', '--')).toEqual(['--account', '--json', '--jsonl', '--help']);
    expect(await offered('export', 'cases', '--format', '')).toEqual(['csv', 'ndjson', 'parquet']);
    expect(await offered('export', 'cases', 'dec')).toEqual([
      'decision_times_as_known',
      'decision_times_monthly',
      'decisions',
    ]);
    expect(await offered('export', 'cases', '-o', 'cdd-sync.y')).toEqual(['cdd-sync.yaml']);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('offers the configured accounts, also without their secrets, and never runs a label', async () => {
    const { cwd, offered } = await completer();
    for (const line of [
      ['sync', '--account', ''],
      ['pause', ''],
      ['export', 'cases', '--account', ''],
    ]) {
      expect(await offered(...line)).toEqual(['P12345678', 'T12345678']);
    }
    expect((await runHere(['completion', 'accounts'], { cwd })).stdout).toBe(
      'P12345678\tBjørk "AS" $(touch owned) `touch owned`: it\'s\\u000a\\u0009P99999999\nT12345678\n',
    );
    expect(await offered('export', 'owned', '-o', 'own')).toEqual([]);
  });

  test('knows every verb of the program in each shell, and each shell accepts its script', async () => {
    const cwd = await temporaryFolder();
    const verbs = ['init', 'start', 'sync', 'show', 'case', 'export', 'status', 'demo', 'grant-reader'];
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout, code } = await runHere(['completion', shell], { cwd });
      expect(code).toBe(0);
      expect(verbs.filter((verb) => !stdout.includes(verb))).toEqual([]);
      await writeFile(join(cwd, shell), stdout);
      const isThere = await run(shell, ['--version']).then(
        () => true,
        () => false,
      );
      if (isThere) expect(await run(shell, ['-n', join(cwd, shell)])).toMatchObject({ stderr: '' });
    }
    expect(await runHere(['completion', 'csh'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bash'),
    });
  });
});
