import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../../src/config/config.ts';
import { ConfigError, type Problem } from '../../src/config/problems.ts';

type Written = { env?: Record<string, string>; files?: Record<string, string | Buffer> };

/** Reads a configuration from a folder with `yaml` as cdd-sync.yaml, unless it is null, and with the other files. */
export async function configFrom(yaml: string | null, { env = {}, files = {} }: Written = {}): Promise<Config> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cdd-sync-config-'));
  const all = yaml === null ? files : { 'cdd-sync.yaml': yaml, ...files };
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder.path, name), content);
  return await readConfig({ env, cwd: folder.path });
}

/** Returns the error of reading a configuration that has problems. */
export async function configErrorFrom(yaml: string | null, written: Written = {}): Promise<ConfigError> {
  const outcome = await configFrom(yaml, written).catch((error: unknown) => error);
  if (outcome instanceof ConfigError) return outcome;
  throw new Error('The configuration was expected to have problems', { cause: outcome });
}

/** Returns the problems of a configuration by path. */
export async function problemsFrom(yaml: string | null, written: Written = {}): Promise<Record<string, Problem>> {
  const { problems } = await configErrorFrom(yaml, written);
  return Object.fromEntries(problems.map((problem) => [problem.path, problem]));
}

/** YAML of a complete account, with further lines. */
export function accountYaml(id = 'P12345678', ...lines: string[]): string {
  return [`  - id: ${id}`, 'clientId: acme', 'clientSecret: ${SECRET}', ...lines].join('\n    ');
}

/** YAML of a complete file, with further lines at the top. */
export function fileYaml(...lines: string[]): string {
  return [...lines, 'accounts:', accountYaml(), ''].join('\n');
}

export const secretEnv = { SECRET: 's3cret' };

/** The problem of a file with this line at its beginning. */
export async function problemOf(line: string): Promise<string> {
  const { problems } = await configErrorFrom(fileYaml(line), { env: secretEnv });
  return problems.map(({ line: number, path, message }) => `${number} ${path}: ${message}`).join('\n');
}
