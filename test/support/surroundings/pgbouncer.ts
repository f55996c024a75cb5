// PgBouncer in transaction mode before a server. Every role and every database of the server can be reached through it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePort } from '../../../src/embedded-postgres/data-directory.ts';
import type { Server } from './server.ts';

export type Pooler = { port: number; stop: () => Promise<void> };

/** The exit code of setpriv for a program that is not in the PATH. */
const NOT_FOUND = 127;

/** @throws when PgBouncer is not installed, or does not start. */
export async function startPgBouncer({ home, port: serverPort, password }: Server): Promise<Pooler> {
  const folder = join(home, 'pgbouncer');
  await mkdir(join(folder, 'postgres'), { recursive: true });
  const port = await choosePort(folder);
  const config = join(folder, 'pgbouncer.ini');
  const users = join(folder, 'users.txt');
  await writeFile(users, `"postgres" "${password}"\n`);
  await writeFile(config, iniOf({ port, serverPort, users }));
  // PgBouncer refuses to run as root. It ends with this process, even if this one is killed.
  const user = process.getuid?.() === 0 ? ['--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];
  const args = [...user, '--pdeathsig=TERM', 'pgbouncer', '-q', config];
  const child = spawn('setpriv', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(code === NOT_FOUND ? 'PgBouncer is not installed: apt-get install pgbouncer' : 'PgBouncer ended.');
  });
  const waiting = new AbortController();
  await Promise.race([isListening(port, waiting.signal), ended]).finally(() => waiting.abort());
  // If PgBouncer ends later, the tests fail.
  const exit = ended.catch(() => {});
  const stop = async () => {
    child.kill('SIGINT');
    await exit;
  };
  return { port, stop };
}

function iniOf({ port, serverPort, users }: { port: number; serverPort: number; users: string }): string {
  return `
[databases]
* = host=127.0.0.1 port=${serverPort} auth_user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = ${users}
auth_query = select usename, passwd from pg_catalog.pg_shadow where usename = $1
max_client_conn = 1000
default_pool_size = 20
; A database with connections cannot be copied, and each test has one of its own.
server_idle_timeout = 1
; Otherwise logins of a role fail for 15 s after one of them failed, also when an administrator has mended it.
server_login_retry = 1
`;
}

async function isListening(port: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const socket = connect({ port, host: '127.0.0.1' });
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
}
