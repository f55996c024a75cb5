import { execFileSync } from 'node:child_process';
import { mkdir, mkdtempDisposable, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Archive } from '../../../src/cli/evidence/archive.ts';
import { EvidenceFolder } from '../../../src/cli/evidence/folder.ts';

test('an archive is equal for equal files, and another program unpacks it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-archive-'));
  const large = Buffer.alloc(3_000_000, 'a line of text\n');
  for (const name of ['a.zip', 'b.zip']) {
    const archive = await Archive.create(join(folder.path, name));
    await archive.add('in/empty.txt', Buffer.of());
    await archive.add('in/large.txt', large);
    await archive.end();
  }
  const script = `
import sys, zipfile
a, b = (open(name, 'rb').read() for name in ('a.zip', 'b.zip'))
with zipfile.ZipFile('a.zip') as archive:
    assert archive.testzip() is None
    print(a == b, len(a) < 20000, [(i.filename, i.file_size, i.date_time, oct(i.external_attr >> 16)) for i in archive.infolist()])`;
  expect(execFileSync('python3', ['-c', script], { cwd: folder.path, encoding: 'utf8' })).toBe(
    "True True [('in/empty.txt', 0, (1980, 1, 1, 0, 0, 0), '0o100600'), ('in/large.txt', 3000000, (1980, 1, 1, 0, 0, 0), '0o100600')]\n",
  );
});

test.each([
  [{ bytes: 10, files: 100 }, true],
  [{ bytes: 1000, files: 1 }, true],
  [{ bytes: 1000, files: 2 }, false],
])('an archive that the format does not allow says so: %o', async (limits, isTooLarge) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-archive-'));
  const archive = await Archive.create(join(folder.path, 'a.zip'), limits);
  for (const name of ['a', 'b']) await archive.add(name, Buffer.from('a text'));
  await archive.end();
  expect(archive.isTooLarge).toBe(isTooLarge);
});

test('a folder takes the place of an empty one, also through a link, and / is no such', async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-folder-'));
  await mkdir(join(parent.path, 'empty'));
  await symlink('empty', join(parent.path, 'link'));
  const folder = await EvidenceFolder.create(join(parent.path, 'link'), 'case');
  await folder.write('a.txt', 'a');
  expect(await folder.keep()).toEqual({
    folder: join(parent.path, 'empty'),
    zip: { path: join(parent.path, 'empty.zip'), bytes: expect.any(Number) },
  });
  await folder.discard();
  expect((await readdir(parent.path)).sort()).toEqual(['empty', 'empty.zip', 'link']);
  expect(await readdir(join(parent.path, 'link'))).toEqual(['a.txt']);
  await expect(EvidenceFolder.create('/', 'case')).rejects.toThrow('/ is not empty');
});

test('a folder that breaks off leaves nothing, and files that came meanwhile stay', async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-folder-'));
  const path = join(parent.path, 'out');
  const broken = await EvidenceFolder.create(path, 'case');
  await broken.write('tables/a.csv', 'a');
  await broken.discard();
  expect(await readdir(parent.path)).toEqual([]);
  const late = await EvidenceFolder.create(path, 'case');
  await writeFile(`${path}.zip`, 'of somebody else');
  await expect(late.keep()).rejects.toThrow('out.zip exists');
  await late.discard();
  expect(await readdir(parent.path)).toEqual(['out.zip']);
});
