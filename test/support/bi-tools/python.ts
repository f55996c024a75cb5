// Python packages in an environment of their own. It is kept in ~/.cache/cdd-sync, as Postgres' other versions are.
import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './programs.ts';

const MIN_VERSION = [3, 10];

/**
 * The folder with the programs of a list of requirements; installs them from PyPI at the first use.
 * @throws when Python or its module venv is missing, or PyPI cannot be reached.
 */
export async function preparePython(name: 'superset' | 'dbt'): Promise<string> {
  const file = join(import.meta.dirname, 'requirements', `${name}.txt`);
  const version = await pythonVersion();
  const hash = createHash('sha256')
    .update(`${version} ${await readFile(file, 'utf8')}`)
    .digest('hex')
    .slice(0, 8);
  const folder = join(homedir(), '.cache', 'cdd-sync', `${name}-${hash}`);
  // Written last, so that an interrupted installation is never used.
  const marker = join(folder, 'installed');
  if ((await stat(marker).catch(() => null)) === null) {
    await install({ name, file, folder });
    await writeFile(marker, '');
  }
  return join(folder, 'bin');
}

async function install({ name, file, folder }: { name: string; file: string; folder: string }): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder], { cwd: tmpdir() }).catch((error: Error) => {
    throw new Error(`Python has no module venv: apt-get install python3-venv.\n${error.message}`);
  });
  const args = ['install', '--quiet', '--no-deps', '--requirement', file];
  await run(join(folder, 'bin/pip'), args, { cwd: folder }).catch((error: Error) => {
    throw new Error(`pip cannot install ${name}: it needs PyPI once.\n${error.message}`);
  });
}

async function pythonVersion(): Promise<string> {
  const script = 'import sys; print(sys.version_info[0], sys.version_info[1])';
  const output = await run('python3', ['-c', script], { cwd: tmpdir() }).catch(() => '');
  const [major = 0, minor = 0] = output.trim().split(' ').map(Number);
  if (major === MIN_VERSION[0] && minor >= (MIN_VERSION[1] ?? 0)) return `${major}.${minor}`;
  throw new Error(`This needs Python ${MIN_VERSION.join('.')} or newer as python3; found: ${output.trim() || 'none'}.`);
}
