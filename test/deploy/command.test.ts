import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');
const command = join(root, 'deploy/cdd-sync-command');

/** A machine whose programs print how they are called. `id` is that of the user. */
async function machine({ id = 0, environment = true } = {}) {
  const folder = await temporaryFolder();
  const programs = join(folder, 'programs');
  await mkdir(programs);
  const add = async (path: string, script: string) => {
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  };
  const unit = (await readFile(join(root, 'deploy/cdd-sync.service'), 'utf8'))
    .replaceAll('/opt/cdd-sync/bin', folder)
    .replaceAll('/etc/cdd-sync', folder)
    .replace('#LoadCredential=', 'LoadCredential=');
  await writeFile(
    join(folder, 'unit'),
    `${unit}\n# a drop-in\n[Service]\nEnvironment="LOG_LEVEL=debug" ZONE='it''s'\n`,
  );
  if (environment) await writeFile(join(folder, 'environment'), '');
  await add(
    join(folder, 'cdd-sync'),
    `[ "$PWD" = ${folder} ] && echo configured || echo direct; printf '<%s>\\n' "$@"`,
  );
  await add(join(programs, 'systemctl'), `cat ${folder}/unit`);
  await add(join(programs, 'systemd-run'), `printf '<%s>\\n' "$@"; exit 3`);
  await add(join(programs, 'sudo'), `printf 'sudo\\n'; printf '<%s>\\n' "$@"`);
  await add(join(programs, 'id'), `echo ${id}`);
  const run = (...args: string[]) =>
    new Promise<{ code: number; lines: string[]; stderr: string }>((resolve) => {
      const child = execFile(command, args, { env: { PATH: `${programs}:/usr/bin:/bin` } }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, lines: stdout.trimEnd().split('\n'), stderr }),
      );
    });
  return { folder, run };
}

test("a verb runs with the unit's folder, secrets and variables, and gives its exit code", async () => {
  const { folder, run } = await machine();
  const { code, lines } = await run('show', 'cases', '--where', 'name=O\'Hara $(id) "x"');
  expect(code).toBe(3);
  expect(lines).toEqual(
    expect.arrayContaining([
      '<--pipe>',
      '<--property=DynamicUser=yes>',
      `<--property=WorkingDirectory=${folder}>`,
      `<--property=EnvironmentFile=${folder}/environment>`,
      `<--property=LoadCredential=acme:${folder}/secrets/acme>`,
      `<--property=Environment="LOG_LEVEL=debug" ZONE='it''s'>`,
    ]),
  );
  const program = lines.slice(lines.indexOf('<-->'));
  expect(program).toEqual([
    '<-->',
    `<${folder}/cdd-sync>`,
    ...['<show>', '<cases>', '<--where>', `<name=O'Hara $(id) "x">`],
  ]);
});

test('a verb of an ordinary user goes through sudo, and one without secrets runs as that user', async () => {
  const { run } = await machine({ id: 1000 });
  expect(await run('status', '--json')).toMatchObject({
    code: 0,
    lines: ['sudo', '<-->', `<${command}>`, '<status>', '<--json>'],
  });
  for (const args of [['--version'], ['sync', '--help'], ['demo']])
    expect(await run(...args)).toMatchObject({ code: 0, lines: ['direct', ...args.map((word) => `<${word}>`)] });
  expect(await run('completion', 'accounts')).toMatchObject({ lines: ['configured', '<completion>', '<accounts>'] });
});

test('a unit without its file of variables is told, with what to do', async () => {
  const { folder, run } = await machine({ environment: false });
  expect(await run('status')).toMatchObject({
    code: 2,
    stderr: `cdd-sync: ${folder}/environment of cdd-sync.service does not exist; create it, with mode 600\n`,
  });
});
