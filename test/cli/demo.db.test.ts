import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemErrorCode } from '../../src/model/system-error.ts';
import { withAdmin } from '../support/admin.ts';
import { runCli, startCli, temporaryFolder } from '../support/cli.ts';
import { Screen } from '../support/screen.ts';
import { until } from '../support/until.ts';

/** A demo in a folder of its own, after its first run, with a log at info. */
async function startDemo() {
  const cwd = await temporaryFolder();
  const demo = startCli(['demo'], { cwd, env: { LOG_LEVEL: 'info' } });
  await demo.waitForOutput('cases read');
  const folder = join(cwd, '.cdd-sync', 'demo', 'postgres');
  const record = await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8');
  const [serverPid = 0, , , port = 0] = record.split('\n').map(Number);
  return { demo, cwd, folder, serverPid, port };
}

/** Whether a program listens on the port of this machine. */
async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const answer = Promise.withResolvers<boolean>();
  socket.on('connect', () => answer.resolve(true)).on('error', () => answer.resolve(false));
  return answer.promise.finally(() => socket.destroy());
}

/** The command that gives a program a terminal. That of macOS has other options. */
const SCRIPT = '/usr/bin/script';
const hasScript = process.platform === 'linux' && existsSync(SCRIPT);

/** A demo at a terminal of 80 columns and 24 rows, between two lines with the terminal's settings. */
async function startDemoAtTerminal() {
  const cwd = await temporaryFolder();
  // The shell lives on after Ctrl-C.
  const size = 'trap : INT; stty cols 80 rows 24';
  const demo = `${process.execPath} ${join(import.meta.dirname, '../../src/main.ts')} demo`;
  const settings = 'echo "settings $(stty -g)"';
  const child = spawn(SCRIPT, ['-qfec', `${size}; ${settings}; ${demo} && ${settings}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm-256color' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return { press: (keys: string) => child.stdin.write(keys), output: () => output, exit: once(child, 'close') };
}

const linesAbout = (text: string, part: string) => text.split('\n').filter((line) => line.includes(part));

describe('a demo', () => {
  test('says first that it is starting and where its pages are, and stops its Postgres when its terminal is closed', async () => {
    const { demo, folder, port } = await startDemo();
    const [first, second = ''] = demo.stdout().split('\n');
    expect(first).toMatch(/^starting .* seconds …$/);
    const address = /^pages {5}(http:\/\/127\.0\.0\.1:\d+\/)/.exec(second)?.[1] ?? '';
    const answer = await fetch(address, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Acme Norge');
    const password = await readFile(join(folder, 'password'), 'utf8');
    demo.kill('SIGHUP');
    expect(await demo.exit).toBe(0);
    expect(await isListening(port)).toBe(false);
    expect(demo.stdout().trimEnd().split('\n').at(-1)).toBe('stopped');
    expect(demo.stdout()).not.toContain('\u001b');
    expect(demo.stderr()).not.toContain('\u001b');
    expect(demo.stderr()).toContain('embedded Postgres at 127.0.0.1:');
    expect(demo.stderr()).not.toContain(password);
  });

  test('goes on after a restart with the same cases; status looks at it while it runs, if nothing is configured', async () => {
    const { demo, cwd } = await startDemo();
    const restated = /restated .*\n.*\/cases\/(\S+)\n/;
    await until(() => restated.test(demo.stdout()));
    demo.kill('SIGTERM');
    await demo.exit;
    const again = startCli(['demo'], { cwd });
    await until(() => restated.test(again.stdout()));
    expect(restated.exec(again.stdout())?.[1]).toBe(restated.exec(demo.stdout())?.[1]);
    // At once: a world that has caught up with the real time may change nothing for an hour.
    expect(demo.stdout()).not.toMatch(/^cases /m);
    expect(again.stdout()).toMatch(/^cases {5}[1-9]\d+ in 3 accounts, \d+ of them open$/m);
    const { stdout, stderr } = await runCli(['status', '--json'], { cwd });
    expect(stderr).toBe('looking at the running demo\n');
    const granted = await runCli(['grant-reader', '--role', 'nobody', '--all'], { cwd });
    expect(granted.stderr).toMatch(/looking at the running demo\n.*There is no role nobody/s);
    const accounts: { account_id: string; cases: number; missing: number }[] = JSON.parse(stdout);
    expect(accounts.map(({ account_id }) => account_id)).toContain('P12345678');
    expect(accounts.map(({ missing }) => missing)).toEqual([0, 0, 0, 0]);
    for (const { cases } of accounts) expect(cases).toBeGreaterThanOrEqual(200);
    // The world has moved by less than an hour: a handful of cases changed, not all.
    const changes = again.stdout().matchAll(/(\d+) (?:new|changed)/g);
    for (const [, count] of changes) expect(Number(count)).toBeLessThan(10);
    const [, url = ''] = /psql '(.+)'/.exec(again.stdout()) ?? [];
    const [, caseId = ''] = restated.exec(again.stdout())?.[1]?.split('/') ?? [];
    // As it was at first and as it is since, never taken back in between.
    const versions = await withAdmin(url, (client) =>
      client.query('select from cdd.case_revisions where case_id = $1', [caseId]),
    );
    expect(versions.rowCount).toBe(2);
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', LOG_LEVEL: 'warn' };
    const configured = await runCli(['status', '--json'], { cwd, env });
    expect(configured).toMatchObject({ code: 1, stdout: '' });
    expect(configured.stderr).not.toContain('demo');

    again.kill('SIGTERM');
    expect(await again.exit).toBe(0);
    const afterwards = await runCli(['status', '--json'], { cwd, env: { LOG_LEVEL: 'warn' } });
    expect(afterwards).toMatchObject({ code: 2, stdout: '' });
    expect(afterwards.stderr).toContain('no demo runs here');
    expect(existsSync(join(cwd, '.cdd-sync', 'postgres'))).toBe(false);
  });

  test.skipIf(!hasScript)('at a terminal keeps one block in place, and leaves the terminal as it was', async () => {
    const { press, output, exit } = await startDemoAtTerminal();
    await until(() => /\d+ in 3 accounts/.test(output()) && output().split('\u001b[J').length > 3);
    press('\u0003');
    expect(await exit).toEqual([0, null]);

    // Neither the cursor nor the screen are the demo's: only moves up, erasures and dim labels.
    const parts = output().split('\u001b').slice(1);
    const sequences = new Set(parts.map((part) => /^\[[?0-9;]*./.exec(part.replace(/^\[\d+A/, '[A'))?.[0]));
    expect([...sequences].sort()).toEqual(['[22m', '[2m', '[A', '[J', '[K']);
    const screen = new Screen();
    screen.write(output());
    const lines = screen.text().split('\n');
    expect(lines[1]).toMatch(/^Starting /);
    expect(lines[2]).toMatch(/^Pages {5}http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(lines.filter((line) => line.startsWith('Pages'))).toHaveLength(1);
    expect(lines.at(-2)).toBe('Stopped.');
    expect(lines.at(-1)).toBe(lines[0]);
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
    // Without its files, Postgres ends by itself within a minute, if it has not yet.
    try {
      process.kill(serverPid, 'SIGQUIT');
    } catch (error) {
      expect(systemErrorCode(error)).toBe('ESRCH');
    }
  });
});
