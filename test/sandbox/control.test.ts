import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { getList, parsed, send } from '../support/sandbox-client.ts';

const account = 'P12345678';
const controlOf = (url: string, path = '') => url.replace('/v1', `/sandbox${path}`);

describe('the control endpoints', () => {
  it('show the time, the accounts and the faults', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3, start: '2026-03-01T00:00:00Z' });
    const answer = parsed(await send(controlOf(sandbox.url)));
    expect(answer).toMatchObject({ now: '2026-03-01T00:00:00.000Z', faults: [] });
    expect(answer).toMatchObject({
      accounts: expect.arrayContaining([
        {
          id: account,
          name: 'Acme Norge',
          cases: 3,
          clientId: 'sandbox-client-P12345678',
          clientSecret: 'sandbox-secret-of-P12345678-which-opens-nothing',
        },
      ]),
    });
  });

  it('move the clock', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3, start: '2026-03-01T00:00:00Z' });
    const advance = (body: unknown) => send(controlOf(sandbox.url, '/advance'), { method: 'POST', body });
    expect(parsed(await advance({ hours: 24 }))).toEqual({ now: '2026-03-02T00:00:00.000Z' });
    expect(sandbox.world.caseIds(account).length).toBe(7);
    for (const body of [{ hours: -1 }, { hours: '1' }, { hours: 1e9 }, {}, { hours: 1, days: 2 }, null]) {
      expect((await advance(body)).status).toBe(400);
    }
    expect(sandbox.world.now()).toBe('2026-03-02T00:00:00.000Z');
  });

  it('add, show and clear faults', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const order = { endpoint: 'list', account, fault: { kind: 'status', status: 503 }, times: 'always' };
    const url = controlOf(sandbox.url, '/faults');
    expect(parsed(await send(url, { method: 'POST', body: order }))).toEqual({ faults: [order] });
    expect((await getList(sandbox, account)).status).toBe(503);
    expect(parsed(await send(controlOf(sandbox.url)))).toMatchObject({ faults: [order] });
    expect(parsed(await send(url, { method: 'DELETE' }))).toEqual({ faults: [] });
    expect((await getList(sandbox, account)).status).toBe(200);
  });

  it.each([
    [{}, 'endpoint'],
    [{ endpoint: 'list', fault: { kind: 'nonsense' } }, 'fault.kind'],
    [{ endpoint: 'list', fault: { kind: 'status', status: 199 } }, 'fault.status'],
    [{ endpoint: 'list', fault: { kind: 'cutOff', afterByte: 1 } }, 'afterByte'],
    [{ endpoint: 'lists', fault: { kind: 'hangUp' } }, 'endpoint'],
    [{ endpoint: 'list', fault: { kind: 'hangUp' }, times: 0 }, 'times'],
  ])('reject the fault %j and name the wrong field', async (body, named) => {
    await using sandbox = await startSandbox({ casesPerAccount: 1 });
    const answer = await send(controlOf(sandbox.url, '/faults'), { method: 'POST', body });
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain(named);
    expect(sandbox.faults.active()).toEqual([]);
  });
});
