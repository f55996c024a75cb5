import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import { Readiness } from '../../src/worker/readiness.ts';
import { neverAborted } from '../support/list-server.ts';

/** A server that accepts connections and stays silent, like a database that hangs. */
async function startSilentServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => {})));
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `postgresql://user:sesame@127.0.0.1:${port}/cdd`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

const options = { signal: neverAborted, databaseProblem: () => null, jobsProblem: () => null };

it('answers in time, without the address, when the database hangs', async () => {
  const { url, close } = await startSilentServer();
  const database = openDatabase(url, { connections: 1 });
  const checks = await new Readiness({ url, database }, options).check().finally(close);
  expect(checks).toEqual([
    { name: 'database', ok: false, message: 'failed, or no answer in time' },
    { name: 'schema', ok: false, message: 'failed, or no answer in time' },
    { name: 'jobs', ok: true, message: 'record their runs' },
    { name: 'scheduler', ok: true, message: 'running' },
  ]);
  await database.close();
});
