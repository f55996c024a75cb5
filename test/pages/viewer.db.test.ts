import { describe, expect } from 'vitest';
import { readAs } from '../../src/pages/viewer.ts';
import type { Transaction } from '../../src/store/postgres/pool.ts';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { test as base, withDatabase } from '../support/database.ts';
import { addAccounts } from '../support/other-accounts.ts';
import { roleFixture } from '../support/role.ts';

const test = base.extend('role', roleFixture);
const ACCOUNT = 'P11111111';

async function seenBy(tx: Transaction): Promise<{ connection: number; cases: number } | undefined> {
  const [row] = await tx.$queryRaw<{ connection: number; cases: number }[]>`
    select pg_backend_pid() as connection, count(*)::integer as cases from reporting.cases`;
  return row;
}

/** A function whose promises resolve when so many have called it. */
function meeting(size: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === size) resolve();
    return promise;
  };
}

describe('two works of a page at once', () => {
  test('see the same as the page, with the rights of its viewer, each on a connection', async ({ db, role }) => {
    await addAccounts(db.database, [3, 5]);
    await grantReader(db.database, { role, accountIds: [ACCOUNT] });
    await withDatabase(db.url, (database) =>
      readAs(database, { role, timezone: 'Europe/Oslo' }, async (tx, atOnce) => {
        expect(await seenBy(tx)).toMatchObject({ cases: 3 });
        await db.database.$executeRaw`
          insert into cdd.cases (account_id, id, first_seen_at, changed_at, fingerprint)
          values (${ACCOUNT}, gen_random_uuid(), now(), now(), sha256(''))`;
        const [one, other] = await atOnce(seenBy, seenBy);
        expect([one?.cases, other?.cases]).toEqual([3, 3]);
        expect(one?.connection).not.toBe(other?.connection);
      }),
    );
  });

  test('are done one after the other if no connection is free, so that pages never wait for each other', async ({
    db,
  }) => {
    await withDatabase(
      db.url,
      async (database) => {
        const [haveBegun, haveEnded] = [meeting(2), meeting(2)];
        const connections = await Promise.all(
          [1, 2].map(() =>
            readAs(database, { role: null, timezone: 'Europe/Oslo' }, async (tx, atOnce) => {
              await tx.$queryRaw`select`;
              await haveBegun();
              const [one, other] = await atOnce(seenBy, seenBy);
              await haveEnded();
              return [one?.connection, other?.connection];
            }),
          ),
        );
        for (const [one, other] of connections) expect(one).toBe(other);
      },
      { connections: 2 },
    );
  });

  test('if one fails, its error is thrown, and no statement of the other still runs', async ({ db }) => {
    let hasEnded = false;
    const failed = withDatabase(db.url, (database) =>
      readAs(database, { role: null, timezone: 'Europe/Oslo' }, (_tx, atOnce) =>
        atOnce(
          (tx) => tx.$queryRaw`select 1 / 0`,
          async (tx) => {
            await tx.$queryRaw`select pg_sleep(0.3)`;
            hasEnded = true;
          },
        ),
      ),
    );
    await expect(failed).rejects.toThrow('22012');
    expect(hasEnded).toBe(true);
  });
});

test('a statement of a file may take longer than the pool waits for one of a page', async ({ db }) => {
  const database = openDatabase(db.url, { connections: 1, answerMs: 300 });
  const slow = (limitMs?: number) =>
    readAs(
      database,
      { role: null, timezone: 'Europe/Oslo', ...(limitMs !== undefined && { limitMs }) },
      (tx) => tx.$queryRaw`select pg_sleep(0.6)`,
    );
  await expect(slow(2_000)).resolves.toHaveLength(1);
  await expect(slow(100)).rejects.toThrow('57014');
  await database.close();
});
