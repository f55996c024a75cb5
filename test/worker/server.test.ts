import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/model/usage-error.ts';
import { sendBytes, startTestServer } from '../support/worker-server.ts';

const never = () => new Promise<never>(() => {});
const json = 'application/json; charset=utf-8';

describe('/healthz', () => {
  it('answers 200 although readiness checks and metrics hang', async () => {
    await using server = await startTestServer({ checkReadiness: never, metrics: { render: never } });
    expect(await server.ask('/healthz')).toEqual({ status: 200, type: json, body: '{"status":"ok"}' });
  });
});

describe('/readyz', () => {
  it('answers 200 with the checks when all pass', async () => {
    await using server = await startTestServer();
    const { status, body } = await server.ask('/readyz');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      ready: true,
      checks: [{ name: 'database', ok: true, message: 'reachable' }],
    });
  });

  it('answers 503 with all checks when one fails', async () => {
    const checks = [
      { name: 'database', ok: true, message: 'reachable' },
      { name: 'schema', ok: false, message: 'older than the program' },
    ];
    await using server = await startTestServer({ checkReadiness: async () => checks });
    const { status, body } = await server.ask('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({ ready: false, checks });
  });
});

describe('an error response', () => {
  const plain = (error: string) => ({ type: json, body: JSON.stringify({ error }) });

  it('is plain JSON for an unknown path or method', async () => {
    await using server = await startTestServer();
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/readyz/../etc/passwd'],
      ['POST', '/healthz'],
      ['GET', '/hooks/dintero/P12345678'],
      ['POST', '/hooks/dintero'],
      ['POST', '/hooks/dintero/P12345678/more'],
      ['POST', '//hooks/dintero/P12345678'],
    ] as const) {
      expect(await server.ask(path, { method, body: 'x' }), path).toEqual({ status: 404, ...plain('Not Found') });
    }
  });

  it('is plain JSON for a path that cannot be decoded or is too long', async () => {
    await using server = await startTestServer();
    const ask = (id: string) => server.ask(`/hooks/dintero/${id}`, { method: 'POST', body: 'x' });
    expect(await ask('%ZZ')).toEqual({ status: 400, ...plain('Bad Request') });
    expect(await ask('%')).toEqual({ status: 400, ...plain('Bad Request') });
    expect(await ask('P'.repeat(101))).toEqual({ status: 414, ...plain('URI Too Long') });
  });

  it('is plain JSON for a request that is not HTTP or has too large a head', async () => {
    await using server = await startTestServer();
    for (const bytes of ['no http\r\n\r\n', `GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`]) {
      expect(await sendBytes(server.port, bytes)).toMatch(
        /^HTTP\/1\.1 400 Bad Request\r\n(.+\r\n)+\r\n\{"error":"Bad Request"\}$/,
      );
    }
  });

  it('hides an internal error, which the log shows', async () => {
    const render = () => Promise.reject(Object.assign(new Error('inside'), { statusCode: 503 }));
    await using server = await startTestServer({ metrics: { render } });
    expect(await server.ask('/metrics')).toEqual({ status: 500, ...plain('Internal Server Error') });
    expect(server.log()).toContain('inside');
  });
});

describe('the server', () => {
  it('reports the port that it got, and names the setting to change when a port is in use', async () => {
    await using server = await startTestServer();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    const error: unknown = await startTestServer({ port: server.port }).catch((raised: unknown) => raised);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(new RegExp(`127\\.0\\.0\\.1:${server.port} \\(EADDRINUSE\\).*server\\.port`));
  });

  it('logs no request at info or above, and no headers', async () => {
    await using server = await startTestServer();
    await server.ask('/nothing', { headers: { authorization: 'Bearer sesame' } });
    await server.ask('/healthz', { headers: { cookie: 'sesame' } });
    expect(server.log()).not.toMatch(/sesame|"level":(30|40|50)/);
  });

  it.each([
    ['sends nothing', ''],
    ['does not finish its head', 'GET /healthz HTTP/1.1\r\nhost: x\r\n'],
    ['does not finish its body', 'POST /hooks/dintero/P12345678 HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{'],
  ])('closes a connection that %s in time', async (_what, bytes) => {
    await using server = await startTestServer({ requestTimeoutMs: 200 });
    const startedAt = performance.now();
    expect(await sendBytes(server.port, bytes)).toMatch(/^HTTP\/1\.1 408 .*\{"error":"Request Timeout"\}$/s);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('closes a connection whose head drips, in time', async () => {
    await using server = await startTestServer({ requestTimeoutMs: 200 });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nx: ');
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('error', () => {}).resume();
    await once(socket, 'close');
    clearInterval(drip);
    expect((await server.ask('/healthz')).status).toBe(200);
  });

  it('closes connections beyond their largest number, logs that once an hour, and goes on', async () => {
    let now = 0;
    await using server = await startTestServer({ maxConnections: 3, now: () => now });
    const open = [1, 2, 3].map(() => connect(server.port, '127.0.0.1').on('error', () => {}));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    await expect.poll(() => sendBytes(server.port, '').then(() => server.messages().length)).toBe(1);
    for (let count = 0; count < 5; count += 1) await sendBytes(server.port, '').catch(() => {});
    expect(server.messages()).toEqual([expect.stringContaining('closed a new connection: there are too many')]);
    now = 3_600_000;
    await sendBytes(server.port, '').catch(() => {});
    await expect.poll(() => server.messages()).toHaveLength(2);
    for (const socket of open) socket.destroy();
    await expect
      .poll(() =>
        server.ask('/healthz').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it('closes idle connections when there are too many, so that a later one gets an answer', async () => {
    await using server = await startTestServer({ maxConnections: 3 });
    const agent = new Agent({ keepAlive: true });
    const askOnce = async () => {
      const [response] = await once(request(`${server.url}/healthz`, { agent }).end(), 'response');
      response.resume();
      await once(response, 'end');
    };
    await Promise.all([askOnce(), askOnce(), askOnce()]);
    await sendBytes(server.port, '').catch(() => {});
    await expect
      .poll(() =>
        server.ask('/healthz').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    agent.destroy();
  });

  it('closes after its grace period although connections are idle, silent or in the middle of a request', async () => {
    const server = await startTestServer({ checkReadiness: never, timeoutMs: 60_000 });
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(request(`${server.url}/healthz`, { agent }).end(), 'response');
    response.resume();
    await once(response, 'end');
    const silent = connect(server.port, '127.0.0.1');
    const midway = connect(server.port, '127.0.0.1');
    midway.write('POST /hooks/dintero/P12345678 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
    const waiting = request(`${server.url}/readyz`)
      .on('error', () => {})
      .end();
    for (const socket of [silent, midway]) socket.on('error', () => {}).resume();
    await Promise.all([once(silent, 'connect'), once(midway, 'connect'), once(waiting, 'finish')]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const closing = server.close();
      await vi.advanceTimersByTimeAsync(500);
      await closing;
    } finally {
      vi.useRealTimers();
      agent.destroy();
    }
  });
});
