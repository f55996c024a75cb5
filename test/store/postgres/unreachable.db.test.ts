import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/store/postgres/pool.ts';
import { checkServer } from '../../../src/store/postgres/server-check.ts';
import { urlOf } from '../../support/admin.ts';
import { withDatabase } from '../../support/database.ts';
import { syncErrorOf } from '../../support/sync-error.ts';

describe('a database that cannot be reached', () => {
  const secret = 'a-secret-of-the-tests';
  const unreachable: [what: string, url: string, says: RegExp, retryable: boolean][] = [
    [
      'nothing listens there',
      `postgresql://anna:${secret}@127.0.0.1:1/shop`,
      /127\.0\.0\.1:1, database "shop": nothing answers.*DATABASE_URL/,
      true,
    ],
    [
      'the host is unknown',
      `postgresql://anna:${secret}@nowhere.invalid/shop`,
      /nowhere\.invalid:5432, database "shop": its host is not to be found/,
      true,
    ],
    [
      'there is no socket',
      'postgresql:///shop?host=/nowhere',
      /Postgres at \/nowhere:5432, database "shop": .*there is no socket in that folder/,
      true,
    ],
    [
      'the user and password are wrong',
      inject('postgres').url.replace(/\/\/[^@]*@/, `//anna:${secret}@`),
      /refused the user/,
      false,
    ],
    [
      'there is no such database',
      urlOf(inject('postgres').url, 'cdd_none'),
      /database "cdd_none": there is no such database; create it/,
      false,
    ],
  ];

  it.each(unreachable)(
    'because %s is DATABASE, names the server and the correction, and contains no secret',
    async (_, url, says, retryable) => {
      const ways = [
        checkServer,
        (database: Database) => database.transact((tx) => tx.$queryRaw`select 1`),
        (database: Database) => database.account.count(),
      ];
      for (const work of ways) {
        const error = await syncErrorOf(withDatabase<unknown>(url, work));
        expect(error.code).toBe('DATABASE');
        expect(error.message).toMatch(says);
        expect(error.retryable).toBe(retryable);
        expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toMatch(
          /a-secret|anna|password authentication/,
        );
      }
    },
  );

  it('because it does not encrypt names the setting to change', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end('N'))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const error = await syncErrorOf(
      withDatabase(`postgresql://127.0.0.1:${port}/shop?sslmode=verify-full`, checkServer),
    );
    server.close();
    expect(error.message).toMatch(/encrypted connection failed: .*sslmode=disable/);
  });

  it.each(['sslrootcert', 'sslcert', 'sslkey'])('because the file of %s does not exist names the file', (name) => {
    const url = `postgresql://anna:${secret}@127.0.0.1/shop?${name}=/none/ca.pem`;
    expect(() => openDatabase(url)).toThrow(/names the file \/none\/ca\.pem .*, which does not exist/);
    expect(() => openDatabase(url)).not.toThrow(secret);
  });

  it.each(['', 'nonsense', 'mysql://a:b@host/db', `postgresql://anna:${secret}@[half/shop`])(
    'because its url is %j shows the format of a url',
    (url) => {
      expect(() => openDatabase(url)).toThrow(/postgresql:\/\/user:password@host:5432\/database/);
      expect(() => openDatabase(url)).not.toThrow(secret);
    },
  );
});
