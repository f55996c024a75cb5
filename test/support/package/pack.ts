// The npm package, made from a copy of the checkout: `npm pack` generates files that other tests are reading meanwhile.
import { execFile } from 'node:child_process';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const LEFT_OUT = /^(\.git|node_modules|dist|coverage|\.cdd-sync|src\/store\/generated)$/;

/** Files that a working folder may have, and that must not get into a package. */
export const PRIVATE_FILES: Record<string, string> = {
  '.env': 'DINTERO_CLIENT_SECRET=planted',
  'cdd-sync.yaml': 'accounts: []',
  'deploy/production.yaml': 'planted',
  'dist/stale.js': 'planted',
  'src/secret.pem': 'planted',
  '.cdd-sync/demo/postgres/password': 'planted',
};

/** Runs `npm pack` in a copy of this checkout with private files. @returns the package's path. */
export async function packCopy(folder: string): Promise<string> {
  const copy = join(folder, 'checkout');
  await cp(root, copy, { recursive: true, filter: (source) => !LEFT_OUT.test(relative(root, source)) });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [path, content] of Object.entries(PRIVATE_FILES)) {
    await mkdir(join(copy, dirname(path)), { recursive: true });
    await writeFile(join(copy, path), content);
  }
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: copy });
  const [, name = ''] = /"filename": "([^"]+)"/.exec(stdout) ?? [];
  return join(folder, name);
}

/** The paths of a package's files with their sizes in bytes, without the leading `package/`. */
export async function contentsOf(tarball: string): Promise<Map<string, number>> {
  const { stdout } = await run('tar', ['--list', '--verbose', '--gzip', '--file', tarball], {
    maxBuffer: 16 * 1024 * 1024,
  });
  const lines = stdout.trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [, , size = '', , , path = ''] = line.split(/\s+/);
      return [path.replace(/^package\//, ''), Number(size)];
    }),
  );
}
