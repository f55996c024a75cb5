import { describe, expect, inject } from 'vitest';
import { syncParts } from '../../src/app.ts';
import { probeServer } from '../../src/store/postgres/outages.ts';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import { DatabaseWatch } from '../../src/worker/database-watch.ts';
import { withAdmin } from '../support/admin.ts';
import { test as base } from '../support/database.ts';
import { recordingLog } from '../support/log-lines.ts';
import { createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { apiSettings } from '../support/sandbox-account.ts';

const test = base.extend('role', roleFixture);

type Fault = { code: string; advice: RegExp; fault: string; undo: string };

/** Statements of an administrator; ROLE is the worker's role, DATABASE its database. */
const faults: Record<string, Fault> = {
  'the password is changed': {
    code: '28P01',
    advice: /refused the user or password/,
    fault: `alter role ROLE password 'other'`,
    undo: `alter role ROLE password 'sesame'`,
  },
  'its role may not log in': {
    code: '28000',
    advice: /refused the user/,
    fault: 'alter role ROLE nologin',
    undo: 'alter role ROLE login',
  },
  'no connection is left': {
    code: '53300',
    advice: /limit of the role is reached; raise it: alter role … connection limit/,
    fault: 'alter role ROLE connection limit 0',
    undo: 'alter role ROLE connection limit -1',
  },
  'Postgres is read-only': {
    code: '25006',
    advice: /read-only; DATABASE_URL must name the primary/,
    fault: 'alter role ROLE set default_transaction_read_only = on',
    undo: 'alter role ROLE reset default_transaction_read_only',
  },
  'the database is gone': {
    code: '3D000',
    advice: /no such database/,
    fault: 'alter database DATABASE rename to DATABASE_gone',
    undo: 'alter database DATABASE_gone rename to DATABASE',
  },
};

describe('reports that cannot be updated', () => {
  test('are no line of their own while the log says that Postgres cannot be used', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 3 } });
    const row = await rig.sync();
    await database.$executeRaw`alter function cdd.roll_up(text) rename to renamed`;
    const { log, texts } = recordingLog();
    const api = apiSettings(rig.sandbox.url);
    const config = { api, concurrency: 4, personalData: 'keep', missingGuard: { ratio: 0.2, atLeast: 10 } } as const;
    for (const isTold of [true, false]) {
      const { destination, dintero } = syncParts(config, { database, log, isOutageTold: () => isTold });
      await database.$executeRaw`update cdd.roll_ups set told_at = now() - interval '2 hours' where failing_since is not null`;
      await destination.updateReports(row);
      expect(texts()).toHaveLength(isTold ? 0 : 1);
      dintero.close();
    }
    await rig.close();
  });
});

describe('a watch of a real Postgres', () => {
  test.for(Object.entries(faults))(
    'says once that %s, with advice, and once that it is over',
    async ([, fault], { empty, role }) => {
      const url = new URL(empty.url);
      Object.assign(url, { username: role, password: 'sesame' });
      let offset = 0;
      const { log, texts } = recordingLog();
      const probe = () => probeServer(url.href);
      const watch = new DatabaseWatch({ probe, explain: () => null, log, now: () => Date.now() + offset });
      const use = async () => {
        const database = openDatabase(url.href, { connections: 2 });
        database.listenToErrors((error) => watch.failed(error));
        const write = () => database.transact((tx) => tx.$executeRaw`create table written ()`);
        await Promise.allSettled([write(), write()]);
        await database.close();
        await watch.tick();
      };
      await withAdmin(inject('postgres').url, async (admin) => {
        const change = (statement: string) =>
          admin.query(statement.replaceAll('ROLE', role).replaceAll('DATABASE', url.pathname.slice(1)));
        await change(`alter role ROLE login password 'sesame'`);
        await use();
        expect(watch.reason).toBeNull();
        await change(fault.fault);
        for (let round = 0; round < 4; round += 1) await use();
        expect(watch.reason).toMatch(fault.advice);
        await change(fault.undo);
        offset = 61_000;
        await use();
      });
      expect(texts()).toEqual([
        expect.stringMatching(
          new RegExp(`^error Postgres cannot be used, and runs wait until it can: .*\\(${fault.code}\\)`),
        ),
        expect.stringMatching(/^info Postgres can be used again, after \d+ s$/),
      ]);
    },
  );
});
