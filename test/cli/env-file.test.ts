import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { envLine, loadEnvFile } from '../../src/cli/env-file.ts';

async function load(content: string | Buffer | null, variables: NodeJS.ProcessEnv = {}) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-env-'));
  if (content !== null) await writeFile(join(folder.path, '.env'), content);
  return { problem: loadEnvFile(folder.path, variables), variables };
}

test('a folder without .env changes nothing', async () => {
  expect(await load(null, { A: '1' })).toEqual({ problem: null, variables: { A: '1' } });
});

test('a variable of the environment wins, unless it is empty', async () => {
  const { variables } = await load("A=file\nB=file\r\n# C=no\nD='x $y #z' # words\n", { A: 'shell', B: '' });
  expect(variables).toEqual({ A: 'shell', B: 'file', D: 'x $y #z' });
});

test('a file of PowerShell in UTF-16 is no silence', async () => {
  const { problem, variables } = await load(Buffer.from('\ufeffA=1', 'utf16le'));
  expect(problem).toMatch(/\.env is UTF-16; save it as UTF-8 .*not set$/);
  expect(variables).toEqual({});
});

test('a line gives back exactly its value, or there is none', () => {
  expect(envLine('A', 'plain-value_1')).toBe('A=plain-value_1');
  expect(envLine('A', "$HOME #'")).toBe('A="$HOME #\'"');
  expect(envLine('A', '$HOME')).toBe("A='$HOME'");
  expect(envLine('A', '\'"`')).toBeNull();
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (value) => {
      const line = envLine('A', value);
      expect(line === null || parseEnv(line).A === value).toBe(true);
    }),
  );
});
