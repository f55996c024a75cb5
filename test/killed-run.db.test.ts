import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { startEmbedded } from '../src/embedded-postgres/server.ts';
import { withAdmin } from './support/admin.ts';
import { serverPid, settings, test } from './support/embedded-postgres.ts';
import { startContainer, startEmbeddedServer } from './support/postgres-server.ts';
import { until } from './support/until.ts';

const supportModule = (name: string) => new URL(`./support/${name}.ts`, import.meta.url).href;

/** Starts a process that runs the code, and returns the line that it prints when it is ready. */
async function startProcess(code: string, ...args: string[]) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { child, line: String(line) };
}

const answers = (url: string) =>
  withAdmin(url, (client) => client.query('select 1')).then(
    () => true,
    () => false,
  );

const START_SERVER = `
  const [module, start, home] = process.argv.slice(1);
  const { url } = await (await import(module))[start](home);
  process.stdout.write(url);
  setInterval(() => {}, 60_000);`;

const isDockerUp = inject('postgres').origin.startsWith('container');
const starts = [startEmbeddedServer, ...(isDockerUp ? [startContainer] : [])].map(({ name }) => name);

test('a connection that is lost between two queries fails the next one, not the whole run', async ({ home }) => {
  const { url } = await startEmbedded({ home, settings });
  const work = withAdmin(url, async (lost) => {
    const ended = new Promise((resolve) => lost.once('end', resolve));
    const { rows } = await lost.query('select pg_backend_pid() as pid');
    await withAdmin(url, (other) => other.query('select pg_terminate_backend($1)', [rows[0]?.pid]));
    await ended;
    return lost.query('select 1');
  });
  await expect(work).rejects.toThrow('not queryable');
});

describe('a test run that is killed', () => {
  test.for(starts)('does not leave the Postgres of %s running', async (start, { home }) => {
    const { child, line: url } = await startProcess(START_SERVER, supportModule('postgres-server'), start, home);
    expect(await answers(url)).toBe(true);
    child.kill('SIGKILL');
    await until(async () => !(await answers(url)) && (await serverPid(home)) === null);
  });

  test("leaves neither a server nor a directory of the embedded server's own tests", async ({ home }) => {
    const code = `
      const [module, embedded, home] = process.argv.slice(1);
      (await import(module)).cleanUpAfterThisProcess('directory', home);
      await (await import(embedded)).startEmbedded({ home });
      process.stdout.write('ready');
      setInterval(() => {}, 60_000);`;
    const embedded = new URL('../src/embedded-postgres/server.ts', import.meta.url).href;
    const { child } = await startProcess(code, supportModule('cleanup-process'), embedded, `${home}/own`);
    child.kill('SIGKILL');
    await until(async () => (await stat(`${home}/own`).catch(() => null)) === null);
    expect(await serverPid(`${home}/own`)).toBeNull();
  });
});
