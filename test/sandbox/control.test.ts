import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { getList, parsed, send, tokenFor } from '../support/sandbox-client.ts';

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
    [{ endpoint: 'list', fault: { kind: 'status', status: 200 } }, 'fault.status'],
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

describe('the webhooks of the sandbox', () => {
  type Delivery = { headers: IncomingHttpHeaders; body: string };

  /** A receiver that keeps its deliveries; `received(n)` waits for the n-th. */
  async function startReceiver(status = 204) {
    const deliveries: Delivery[] = [];
    const server = createServer(async (request, response) => {
      deliveries.push({ headers: request.headers, body: await text(request) });
      response.writeHead(status).end();
      server.emit('delivery');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const received = async (count: number) => {
      while (deliveries.length < count) await once(server, 'delivery');
      return deliveries[count - 1] ?? { headers: {}, body: '' };
    };
    const close = async () => {
      server.closeAllConnections();
      server.close();
    };
    return { url: `http://127.0.0.1:${port}/hook`, deliveries, received, [Symbol.asyncDispose]: close };
  }

  const secret = 'a-webhook-secret-of-the-test';
  const subscribe = async (sandbox: Awaited<ReturnType<typeof startSandbox>>, body: unknown) =>
    send(`${sandbox.url}/accounts/${account}/hooks/subscriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenFor(sandbox, account)}` },
      body,
    });

  it('send a signed ping to a new subscriber', async () => {
    await using receiver = await startReceiver();
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const answer = await subscribe(sandbox, { config: { url: receiver.url, secret }, events: ['cdd_case_update'] });
    expect(answer.status).toBe(201);
    expect(answer.body.toString()).not.toContain(secret);
    const { headers, body } = await receiver.received(1);
    expect(headers.event).toBe('ping');
    expect(headers['event-signature']).toBe(createHmac('sha1', secret).update(body).digest('hex'));
    expect(JSON.parse(body)).toMatchObject({
      account_id: account,
      event: 'ping',
      event_delivery: headers['event-delivery'],
    });
    expect(sandbox.secrets()).toContain(secret);
  });

  it('are sent when the advancing time changes the list, and only then', async () => {
    await using receiver = await startReceiver();
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    await subscribe(sandbox, { config: { url: receiver.url }, events: ['cdd_case_update'] });
    await receiver.received(1);
    const advance = (hours: number) => send(controlOf(sandbox.url, '/advance'), { method: 'POST', body: { hours } });
    await advance(0);
    await advance(48);
    const { headers, body } = await receiver.received(2);
    expect(headers.event).toBe('cdd_case_update');
    expect(headers['event-signature']).toBeUndefined();
    expect(JSON.parse(body)).toMatchObject({ account_id: account, case: { events: expect.any(Array) } });
  });

  it('report the status of each subscriber, and 0 for an unreachable one', async () => {
    await using receiver = await startReceiver(503);
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    expect(await sandbox.deliver(account)).toEqual([]);
    await subscribe(sandbox, { config: { url: receiver.url }, events: ['cdd_case_update'] });
    await subscribe(sandbox, { config: { url: 'http://127.0.0.1:1/' }, events: ['cdd_case_update'] });
    await subscribe(sandbox, { config: { url: receiver.url }, events: ['something_else'] });
    expect(await sandbox.deliver(account)).toEqual([503, 0]);
    expect(await sandbox.deliver('T12345678')).toEqual([]);
  });

  it('cannot be subscribed to without a URL, events or a token', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 1 });
    expect((await subscribe(sandbox, {})).status).toBe(400);
    expect((await subscribe(sandbox, { config: { url: 'nowhere' }, events: ['x'] })).status).toBe(400);
    expect((await subscribe(sandbox, { config: { url: 'http://127.0.0.1:1' }, events: [] })).status).toBe(400);
    const url = `${sandbox.url}/accounts/${account}/hooks/subscriptions`;
    expect((await send(url, { method: 'POST', body: {} })).status).toBe(401);
  });
});
