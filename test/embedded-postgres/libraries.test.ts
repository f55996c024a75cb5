import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linkLibraries } from '../../src/embedded-postgres/libraries.ts';
import { temporaryFolder } from '../support/cli.ts';

/** A package whose install script did not run, and a folder for the server. */
async function packageWithoutLinks() {
  const folder = await temporaryFolder();
  const lib = join(folder, 'native/lib');
  await mkdir(lib, { recursive: true });
  await writeFile(join(lib, 'libpq.so.5.18'), 'libpq');
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));
  return { folder, lib, home: await temporaryFolder() };
}

describe('links that the package of Postgres lacks', () => {
  test('are made in the folder of the server, by several processes at once, and again when the package has moved', async () => {
    const { folder, lib, home } = await packageWithoutLinks();
    await mkdir(join(home, 'libraries'));
    await symlink('/gone/libpq.so.5.18', join(home, 'libraries/libpq.so.5'));
    const variables = await Promise.all([1, 2, 3].map(() => linkLibraries(folder, home)));
    expect(new Set(variables.flatMap(Object.values))).toEqual(new Set([`${home}/libraries:${lib}`]));
    expect(await readFile(join(home, 'libraries/libpq.so.5'), 'utf8')).toBe('libpq');
  });

  test('are not made if the package has them, or has no list', async () => {
    const { folder, lib, home } = await packageWithoutLinks();
    await symlink('libpq.so.5.18', join(lib, 'libpq.so.5'));
    expect(await linkLibraries(folder, home)).toEqual({});
    expect(await linkLibraries(home, home)).toEqual({});
  });
});
