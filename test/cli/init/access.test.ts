import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { tryAccess } from '../../../src/cli/init/access.ts';
import { sandboxCredentials } from '../../../src/sandbox/accounts.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { createAuthority } from '../../support/certificate.ts';
import { neverAborted } from '../../support/list-server.ts';
import { ACCOUNT } from '../../support/rig.ts';

const PARTNER = 'P11200000';
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ casesPerAccount: 1 });
});
afterAll(() => sandbox.close());

const account = { kind: 'account', id: ACCOUNT, ...sandboxCredentials(ACCOUNT) } as const;
const partner = { kind: 'partner', id: PARTNER, ...sandboxCredentials(PARTNER) } as const;
const accessOf = async (
  answers: Parameters<typeof tryAccess>[0],
  options: { baseUrl?: string; deadlineMs?: number } = {},
) => {
  const access = await tryAccess(answers, { baseUrl: sandbox.url, signal: neverAborted, ...options });
  return { ...access, text: access.lines.join('\n') };
};

async function listen(server: ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('what Dintero says to the answers', () => {
  test('is good for an account and for a partner with merchants', async () => {
    expect(await accessOf(account)).toMatchObject({ isOk: true });
    expect(await accessOf(partner)).toMatchObject({
      isOk: true,
      text: expect.stringContaining('P11200001: Dintero accepts'),
    });
  });

  test('names the wrong secret, the account of somebody else and the account that does not exist', async () => {
    expect(await accessOf({ ...account, clientSecret: 'wrong' })).toMatchObject({
      isOk: false,
      remedy: 'client',
      text: expect.stringMatching(/^AUTH: /),
    });
    sandbox.faults.add({ endpoint: 'list', account: ACCOUNT, fault: { kind: 'status', status: 403 } });
    expect(await accessOf(account)).toMatchObject({
      isOk: false,
      remedy: 'client',
      text: expect.stringMatching(/^FORBIDDEN: .*read:accounts/),
    });
    expect(await accessOf({ ...account, id: 'P99999999' })).toMatchObject({ isOk: false });
  });

  test('is told where nobody listens, where nothing is answered and where there is no such host', async () => {
    const closed = createServer();
    const port = await listen(closed);
    closed.close();
    const refused = await accessOf(account, { baseUrl: `http://127.0.0.1:${port}/v1`, deadlineMs: 100 });
    expect(refused).toMatchObject({ isOk: false, remedy: 'again' });
    const silent = await listen(createServer(() => {}));
    expect(await accessOf(account, { baseUrl: `http://127.0.0.1:${silent}/v1`, deadlineMs: 100 })).toMatchObject({
      isOk: false,
      remedy: 'again',
      text: expect.stringMatching(/did not answer within 0.1 s.*HTTPS_PROXY/),
    });
    const unknown = await accessOf(account, { baseUrl: 'http://no-such-host.invalid/v1' });
    expect(unknown.text).toMatch(/^NETWORK: |^TIMEOUT: /);
  });

  test('is good with a warning if the clocks differ', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 120_000 });
    const { isOk, text } = await accessOf(partner);
    expect(isOk).toBe(true);
    expect(text).toMatch(/But the clock of Dintero is 1[12]\d s ahead of this machine's; set the wrong one right/);
  });

  test('names a certificate that has expired, with the clock as a possible cause', async () => {
    const certificate = createAuthority().sign({ host: '127.0.0.1', until: '20210101000000Z' });
    const port = await listen(createTlsServer(certificate));
    const { isOk, text } = await accessOf(account, { baseUrl: `https://127.0.0.1:${port}/v1` });
    expect(isOk).toBe(false);
    expect(text).toMatch(/^NETWORK: .*certificate/s);
  });
});
