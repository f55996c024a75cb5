// Apache Superset with SQLite as its own database, and its API.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { programError, run, start } from './programs.ts';
import { preparePython } from './python.ts';

const USER = 'admin';

/** Asks the API with JSON; a status that is not 2xx is an error with the answer's text. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>;

export type Superset = { ask: Ask; stop: () => Promise<void> };

/** Initialises Superset in a folder, starts it on loopback and logs in. */
export async function startSuperset(home: string): Promise<Superset> {
  const bin = await preparePython('superset');
  const folder = join(home, 'superset');
  await mkdir(folder);
  const password = randomBytes(12).toString('hex');
  const env = {
    SUPERSET_HOME: folder,
    SUPERSET_CONFIG_PATH: join(import.meta.dirname, 'superset_config.py'),
    SUPERSET_SECRET_KEY: randomBytes(32).toString('base64'),
    FLASK_APP: 'superset',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const superset = (...args: string[]) => run(join(bin, 'superset'), args, { cwd: folder, env });
  await superset('db', 'upgrade');
  const person = ['--username', USER, '--firstname', 'A', '--lastname', 'B', '--email', 'a@example.com'];
  await superset('fab', 'create-admin', ...person, '--password', password);
  await superset('init');
  const server = await startServer(join(bin, 'python'), { cwd: folder, env });
  try {
    return { ask: await logIn(server, password), stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function startServer(python: string, options: { cwd: string; env: Record<string, string> }) {
  const child = start(python, [join(import.meta.dirname, 'superset_server.py')], options);
  const exit = once(child, 'close');
  const port = Promise.withResolvers<string>();
  let output = '';
  const read = (chunk: Buffer) => {
    output += chunk;
    const found = /^port=(\d+)$/m.exec(output)?.[1];
    if (found !== undefined) port.resolve(found);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  const ended = exit.then(([code, signal]) => {
    throw programError('the server of Superset', signal ?? code, output);
  });
  const stop = async () => {
    child.stdin?.end();
    await exit;
  };
  const url = `http://127.0.0.1:${await Promise.race([port.promise, ended])}`;
  return { url, stop, output: () => output };
}

async function logIn({ url, output }: { url: string; output: () => string }, password: string): Promise<Ask> {
  const ask = async (token: string | null, ...[method, path, body]: Parameters<Ask>): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw programError(`Superset, ${method} ${path}`, `${response.status} ${text}`, output());
    return JSON.parse(text);
  };
  const login = { username: USER, password, provider: 'db', refresh: false };
  const { access_token: token } = z
    .object({ access_token: z.string() })
    .parse(await ask(null, 'POST', '/api/v1/security/login', login));
  return (...args) => ask(token, ...args);
}
