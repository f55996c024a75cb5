import { expect, test } from 'vitest';
import { HttpClient } from '../../src/http/client.ts';
import { systemClock } from '../../src/http/clock.ts';
import { RateLimitHold } from '../../src/http/rate-limit-hold.ts';
import { readText } from '../../src/http/response-body.ts';
import { newTraffic } from '../../src/model/list.ts';
import { neverAborted, serve } from '../support/list-server.ts';

test('an idle connection is closed in time, and one in use is not', async () => {
  await using server = await serve((_request, response) => {
    response.write('[');
    setTimeout(() => response.end(']'), 700);
  });
  const hold = new RateLimitHold(systemClock);
  const client = new HttpClient({ baseUrl: server.url, timeoutSeconds: 60, headers: {}, hold, idleConnectionMs: 300 });
  let connections = 0;
  let closed = 0;
  server.server.on('connection', (socket) => {
    connections += 1;
    socket.on('close', () => {
      closed += 1;
    });
  });
  const request = { label: 'P1', method: 'GET', path: '/list', headers: {}, secrets: [], advice: {} } as const;
  const read = async () =>
    readText(await client.send({ ...request, secrets: [] }, { signal: neverAborted, traffic: newTraffic() }));
  expect([await read(), await read()]).toEqual(['[]', '[]']);
  expect(connections).toBe(1);
  await expect.poll(() => closed).toBe(1);
  expect(await read()).toBe('[]');
  client.close();
});
