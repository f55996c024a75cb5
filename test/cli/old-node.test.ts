import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Claims another version before the program looks at it. */
const pretending = (version: string) =>
  `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '${version}' })`;

test.for(['20.19.5', '22.21.0', '23.11.1'])(
  'Node %s is told from the first line that it is too old',
  async (version) => {
    for (const entry of ['src/cdd-sync.js', 'src/main.ts']) {
      const failure = await run(process.execPath, ['--import', pretending(version), join(root, entry), '--help']).catch(
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: 2, stdout: '' });
      expect(failure).toHaveProperty(
        'stderr',
        expect.stringMatching(`^cdd-sync needs Node.js 24 or newer; this is ${version}`),
      );
    }
  },
);

test('the entry is plain JavaScript without imports that an old Node lacks', async () => {
  const old = ['/usr/bin/node', '/usr/local/bin/node'].filter((path) => existsSync(path));
  for (const node of old) {
    const { stdout: version } = await run(node, ['--version']);
    if (Number.parseInt(version.slice(1), 10) >= 24) continue;
    const failure = await run(node, [join(root, 'src/cdd-sync.js')]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringContaining('needs Node.js 24') });
  }
});

test('a home that cannot hold compiled code is no obstacle, and none is made', async () => {
  for (const HOME of ['/proc', '/proc/nothing', join(tmpdir(), 'no-such-home/at-all')]) {
    const { stdout, stderr } = await run(process.execPath, [join(root, 'src/cdd-sync.js'), '--version'], {
      env: { HOME },
      timeout: 60_000,
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(stderr).toBe('');
  }
  expect(existsSync(join(tmpdir(), 'no-such-home'))).toBe(false);
});

test('the help loads no package that only a verb needs', async () => {
  const packages = ['axios', 'fastify', 'nodemailer', 'pg', 'pg-boss', 'pino', 'yaml', 'zod'];
  const refusing = `
    import { registerHooks } from 'node:module';
    const refused = new Set(${JSON.stringify(packages)});
    registerHooks({ resolve: (name, context, next) => next(refused.has(name) ? './gone.ts' : name, context) });`;
  const hook = `data:text/javascript,${encodeURIComponent(refusing)}`;
  const { stdout } = await run(process.execPath, ['--import', hook, join(root, 'src/cdd-sync.js'), '--help']);
  expect(stdout).toContain('grant-reader');
});

test.each([
  ['commander', '--help'],
  ['pg', 'status'],
])('an installation without the package %s says how to complete it', async (name, verb) => {
  const missing = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => next(name === '${name}' ? './gone.ts' : name, context) });`;
  const hook = `data:text/javascript,${encodeURIComponent(missing)}`;
  const failure = await run(process.execPath, ['--import', hook, join(root, 'src/cdd-sync.js'), verb]).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^cdd-sync is not installed completely: install it again; in a clone, run npm ci/),
  });
});

test('a working folder that was deleted is told in a sentence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cdd-sync-deleted-'));
  const command = `rmdir "$PWD" && "${process.execPath}" "${join(root, 'src/cdd-sync.js')}" status`;
  const failure = await run('sh', ['-c', command], { cwd: folder }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 2,
    stderr: 'The working folder does not exist any more; change to another one.\n',
  });
});

test('V8 keeps its space for new objects small, however the program is started', async () => {
  const code = `
    process.on('exit', () => {
      const { getHeapSpaceStatistics } = process.getBuiltinModule('node:v8');
      const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
      process.stderr.write(String(space_size));
    });`;
  for (const entry of ['src/cdd-sync.js', 'src/main.ts']) {
    const hook = `data:text/javascript,${encodeURIComponent(code)}`;
    const { stderr } = await run(process.execPath, ['--import', hook, join(root, entry), '--help']);
    expect(Number(stderr)).toBeLessThanOrEqual(4 * 1024 * 1024);
  }
});
