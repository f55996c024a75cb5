import { existsSync } from 'node:fs';
import { mkdtempDisposable, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { requireFreeFolder, writeFiles } from '../../../src/cli/init/files.ts';

const answers = { kind: 'account', id: 'P12345678', clientId: 'acme', clientSecret: "s3c$ret'#" } as const;
const database = { databaseUrl: 'postgres://cdd:p%40ss@db:5432/cdd' };
const written = { answers, database, baseUrl: null };
const newFolder = () => mkdtempDisposable(join(tmpdir(), 'cdd-sync-init-'));

test('the secrets are exactly in .env, which only its owner can read, and nowhere else', async () => {
  await using folder = await newFolder();
  await writeFiles(folder.path, written);
  const env = parseEnv(await readFile(join(folder.path, '.env'), 'utf8'));
  expect(env).toEqual({ DINTERO_CLIENT_SECRET: answers.clientSecret, DATABASE_URL: database.databaseUrl });
  expect((await stat(join(folder.path, '.env'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folder.path, 'cdd-sync.yaml'), 'utf8')).not.toContain('s3c');
});

test('a file that appears while the questions are asked stays as it is, and nothing else is left', async () => {
  for (const name of ['.env', 'cdd-sync.yaml']) {
    await using folder = await newFolder();
    await writeFile(join(folder.path, name), 'of somebody else');
    await expect(writeFiles(folder.path, written)).rejects.toThrow(/could not be written \(EEXIST\)/);
    expect(await readdir(folder.path)).toEqual([name]);
    expect(await readFile(join(folder.path, name), 'utf8')).toBe('of somebody else');
  }
});

test('a folder that cannot take the files is refused before the first question', async () => {
  await using folder = await newFolder();
  expect(() => requireFreeFolder(folder.path, {})).not.toThrow();
  expect(() => requireFreeFolder(folder.path, { CDD_SYNC_CONFIG: '/etc/x.yaml' })).toThrow(/unset it first/);
  expect(() => requireFreeFolder(join(folder.path, 'gone'), {})).toThrow(/may not write \(ENOENT\)/);
  await writeFile(join(folder.path, '.env'), '');
  expect(() => requireFreeFolder(folder.path, {})).toThrow(/\.env exists .* overwrites nothing/);
  expect(existsSync(join(folder.path, 'cdd-sync.yaml'))).toBe(false);
});

test.each(['.env', 'cdd-sync.yaml'])('a link %s to nothing is found before the first question', async (name) => {
  await using folder = await newFolder();
  await symlink('/nowhere/at/all', join(folder.path, name));
  expect(() => requireFreeFolder(folder.path, {})).toThrow(`${name} exists in`);
});
