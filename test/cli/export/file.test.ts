import { lstat, mkdir, mkdtempDisposable, readdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFile } from '../../../src/cli/export/file.ts';
import { targetOf } from '../../../src/cli/export/target.ts';

test('what a killed export left is not in the way of the next, also of a process with the same number', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-export-'));
  const path = join(folder.path, 'cases.csv');
  const killed = await openFile(path);
  await killed.write('half');
  const next = await openFile(path);
  await next.write('whole');
  expect(await next.keep()).toBe(false);
  expect(await readFile(path, 'utf8')).toBe('whole');
  await killed.discard();
  expect(await readdir(folder.path)).toEqual(['cases.csv']);
});

test('a link stays a link, also to a file that is not there yet, and one to itself is an error', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-export-'));
  const at = (name: string) => join(folder.path, name);
  await mkdir(at('target'));
  await symlink('target', at('folder'));
  await symlink('../later.csv', at('folder/second'));
  await symlink(at('folder/second'), at('first'));
  const file = await openFile(at('first'));
  await file.write('rows');
  expect(await file.keep()).toBe(false);
  expect(await readFile(at('later.csv'), 'utf8')).toBe('rows');
  expect((await lstat(at('first'))).isSymbolicLink()).toBe(true);
  await symlink('self', at('self'));
  await expect(openFile(at('self'))).rejects.toThrow('its links lead in a circle');
  expect((await readdir(folder.path)).sort()).toEqual(['first', 'folder', 'later.csv', 'self', 'target']);
});

test('an empty path is wrong usage', async () => {
  await expect(targetOf([1], { output: '' }, { terminal: null, cwd: '.' })).rejects.toThrow(
    '-o needs a file or folder',
  );
});
