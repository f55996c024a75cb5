import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSandbox } from '../../src/cli/sandbox.ts';
import { readConfig } from '../../src/config/config.ts';
import { UsageError } from '../../src/model/usage-error.ts';
import { parsed, send } from '../support/sandbox-client.ts';

/** Runs the command until `use` has checked the printed lines. */
async function withCommand(
  use: (lines: string[]) => Promise<void>,
  options: { hoursPerSecond?: number; host?: string } = {},
) {
  const stopping = new AbortController();
  const lines: string[] = [];
  const printed = Promise.withResolvers<void>();
  const running = runSandbox({
    port: 0,
    host: '127.0.0.1',
    seed: 1,
    cases: 3,
    hoursPerSecond: 0,
    signal: stopping.signal,
    now: () => Date.parse('2026-05-15T12:00:00Z'),
    print: (line) => {
      lines.push(line);
      if (line.includes('partner: P11200000')) printed.resolve();
    },
    ...options,
  });
  await Promise.race([printed.promise, running]);
  await use(lines).finally(() => stopping.abort());
  await running;
}

const urlIn = (lines: string[]) => /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(lines.join('\n'))?.[0] ?? '';

describe('the sandbox command', () => {
  it('prints a valid configuration, with its other output as comments', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cdd-sandbox-'));
    await withCommand(async (lines) => {
      await writeFile(join(folder, 'cdd-sync.yaml'), lines.join('\n'));
      const config = await readConfig({ env: {}, cwd: folder });
      expect(lines).toContain(`#   cdd-sync init --api-url ${urlIn(lines)}`);
      expect(config.api).toMatchObject({ baseUrl: urlIn(lines), audienceBase: `${urlIn(lines)}/accounts` });
      expect(config.accounts.map(({ id, credentials }) => [id, credentials.kind])).toEqual([
        ['P12345678', 'client'],
        ['T12345678', 'client'],
        ['P11200001', 'partner'],
      ]);
    }).finally(() => rm(folder, { recursive: true }));
  });

  it('serves requests until it is stopped', async () => {
    let url = '';
    await withCommand(async (lines) => {
      url = urlIn(lines).replace('/v1', '/sandbox');
      expect(parsed(await send(url))).toMatchObject({ now: '2026-05-15T12:00:00.000Z' });
    });
    await expect(send(url)).rejects.toThrow('ECONNREFUSED');
  });

  it('starts two weeks in the past when its clock runs', async () => {
    await withCommand(
      async (lines) => {
        const answer = parsed(await send(urlIn(lines).replace('/v1', '/sandbox')));
        expect(answer).toMatchObject({ now: expect.stringMatching(/^2026-05-01T1/) });
      },
      { hoursPerSecond: 0.001 },
    );
  });

  it('ends at once when its signal is already aborted', async () => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const options = { port: 0, host: '127.0.0.1', seed: 1, cases: 1, hoursPerSecond: 0, print };
    await runSandbox({ ...options, signal: AbortSignal.abort() });
    expect(lines.length).toBeGreaterThan(5);
  });

  it('names the port that is in use', async () => {
    await withCommand(async (lines) => {
      const port = Number(new URL(urlIn(lines)).port);
      const options = { port, host: '127.0.0.1', seed: 1, cases: 1, hoursPerSecond: 0, print: () => {} };
      const second = runSandbox({ ...options, signal: AbortSignal.abort() });
      await expect(second).rejects.toThrow(UsageError);
      await expect(second).rejects.toThrow(`127.0.0.1:${port} (EADDRINUSE). Choose another --port`);
    });
  });

  it('prints a loopback address when it listens on all interfaces', async () => {
    await withCommand(
      async (lines) => {
        expect(parsed(await send(urlIn(lines).replace('/v1', '/sandbox')))).toMatchObject({ faults: [] });
      },
      { host: '0.0.0.0' },
    );
  });
});
