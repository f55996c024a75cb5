import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startCli, temporaryFolder } from '../support/cli.ts';

/** A demo in a folder of its own, after its first run, with a log at info. */
async function startDemo() {
  const cwd = await temporaryFolder();
  const demo = startCli(['demo'], { cwd, env: { LOG_LEVEL: 'info' } });
  await demo.waitForOutput('cases read');
  const folder = join(cwd, '.cdd-sync', 'demo', 'postgres');
  const record = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8');
  const [serverPid = 0, , , port = 0] = record.split('\n').map(Number);
  return { demo, folder, serverPid, port };
}

/** Whether a program listens on the port of this machine. */
async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const answer = Promise.withResolvers<boolean>();
  socket.on('connect', () => answer.resolve(true)).on('error', () => answer.resolve(false));
  return answer.promise.finally(() => socket.destroy());
}

const linesAbout = (text: string, part: string) => text.split('\n').filter((line) => line.includes(part));

describe('a demo', () => {
  test('says that it is starting, then where its pages are, before everything else', async () => {
    const { demo } = await startDemo();
    const [first, second = ''] = demo.stdout().split('\n');
    expect(first).toMatch(/^starting .* seconds …$/);
    const address = /^pages {5}(http:\/\/127\.0\.0\.1:\d+\/)/.exec(second)?.[1] ?? '';
    const answer = await fetch(address, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Acme Norge');
    demo.kill('SIGTERM');
    expect(await demo.exit).toBe(0);
    expect(demo.stdout().trimEnd().split('\n').at(-1)).toBe('stopped');
    expect(demo.stdout()).not.toContain('\u001b');
    expect(demo.stderr()).not.toContain('\u001b');
  });

  test('whose terminal is closed (SIGHUP) stops its embedded Postgres, and its log has no password', async () => {
    const { demo, folder, port } = await startDemo();
    const password = await readFile(join(folder, 'password'), 'utf8');
    demo.kill('SIGHUP');
    expect(await demo.exit).toBe(0);
    expect(await isListening(port)).toBe(false);
    expect(demo.stderr()).toContain('embedded Postgres at 127.0.0.1:');
    expect(demo.stderr()).not.toContain(password);
  });

  test('whose embedded Postgres is killed says so once, with the folder and what to do', async () => {
    const { demo, folder, serverPid } = await startDemo();
    process.kill(serverPid, 'SIGKILL');
    await demo.waitForOutput('has ended');
    await sleep(3_000);
    expect(linesAbout(demo.stderr(), folder)).toHaveLength(1);
    expect(linesAbout(demo.stderr(), 'DATABASE_URL')).toEqual([]);
    demo.kill('SIGTERM');
    expect(await demo.exit).toBe(0);
  });

  test('whose folder is deleted says so once, with the folder and what to do, and can be stopped', async () => {
    const { demo, folder, serverPid } = await startDemo();
    await rm(folder, { recursive: true, maxRetries: 20 });
    await demo.waitForOutput('is gone');
    await sleep(3_000);
    expect(linesAbout(demo.stderr(), folder)).toHaveLength(1);
    demo.kill('SIGTERM');
    expect(await demo.exit).toBe(0);
    // Without its files, Postgres would end by itself within a minute.
    process.kill(serverPid, 'SIGQUIT');
  });
});
