// The Postgres of given surroundings, in a directory that is removed afterwards. Its layout is that of the embedded
// server, so that the same process cleans up after a run that is killed.
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareBinaries } from '../../../src/embedded-postgres/binaries.ts';
import { choosePort } from '../../../src/embedded-postgres/data-directory.ts';
import { cleanUpAfterThisProcess } from '../cleanup-process.ts';
import { FAST_SETTINGS, memoryDirectory } from '../postgres-server.ts';
import { fetchBinaries } from './binaries.ts';
import type { Surroundings } from './list.ts';

export type Server = { home: string; port: number; password: string; stop: () => Promise<void> };

/** Creates and starts a server with the version, the collation and the settings of these surroundings. */
export async function startServer({ name, postgres, locale, settings }: Surroundings): Promise<Server> {
  const paths = await fetchBinaries(postgres);
  const home = await mkdtemp(join((await memoryDirectory()) ?? tmpdir(), `cdd-sync-${name}-`));
  const cleanup = cleanUpAfterThisProcess('directory', home);
  const remove = async () => {
    await rm(home, { recursive: true, force: true });
    await cleanup.cancel();
  };
  try {
    const binaries = await prepareBinaries(paths, home, join(home, 'postgres.log'));
    const folder = join(home, 'postgres');
    const data = join(folder, 'data');
    const password = randomBytes(24).toString('base64url');
    await chmod(home, 0o711);
    await mkdir(folder, { mode: 0o700 });
    await writeFile(join(folder, 'password'), password, { mode: 0o600 });
    if (binaries.user !== null) {
      const { uid, gid } = binaries.user;
      for (const path of [folder, join(folder, 'password')]) await chown(path, uid, gid);
    }
    const login = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${join(folder, 'password')}`];
    await binaries.initdb(['-D', data, '-E', 'UTF8', '--no-sync', ...locale, ...login]);
    const port = await choosePort(home);
    const lines = { ...FAST_SETTINGS, ...settings, listen_addresses: '127.0.0.1', port, unix_socket_directories: '' };
    const conf = Object.entries(lines).map(([setting, value]) => `${setting} = '${value}'\n`);
    await appendFile(join(data, 'postgresql.conf'), conf.join(''));
    await binaries.pgCtl(data, ['start', '-w', '-s']);
    const stop = async () => {
      await binaries.pgCtl(data, ['stop', '-m', 'immediate', '-s']);
      await remove();
    };
    return { home, port, password, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}
