import { expect } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import { secretVariables, writeConfig } from './cli.ts';
import { ACCOUNT } from './rig.ts';

/** The second account of the fixture. */
export const OTHER = 'T12345678';

/** A sandbox, and how a command that reads it is started. */
export type Fixture = { sandbox: Sandbox; options: { cwd: string; env: Record<string, string> } };

/** A sandbox, and the folder and environment of a program that reads two of its accounts. */
export async function startFixture(
  url: string,
  sandboxOptions: SandboxOptions = {},
  more: string[] = [],
): Promise<Fixture> {
  const sandbox = await startSandbox({ casesPerAccount: 30, ...sandboxOptions });
  const accounts = [ACCOUNT, OTHER];
  const cwd = await writeConfig(sandbox.url, accounts, more);
  return { sandbox, options: { cwd, env: { DATABASE_URL: url, LOG_LEVEL: 'trace', ...secretVariables(accounts) } } };
}

/** Fails if the output contains one of the sandbox's secrets. */
export function expectNoSecrets(sandbox: Sandbox, ...printed: string[]): void {
  const secrets = sandbox.secrets();
  expect(secrets.length).toBeGreaterThan(2);
  expect(secrets.filter((secret) => printed.some((text) => text.includes(secret)))).toEqual([]);
}
