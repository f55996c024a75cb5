import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { send, tokenFor } from '../support/sandbox-client.ts';

const account = 'P12345678';
const controlOf = (url: string, path = '') => url.replace('/v1', `/sandbox${path}`);

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
