// What `check` says of a role, and whether its commands work.
import { expect, inject, onTestFinished } from 'vitest';
import { SyncError } from '../../../src/model/sync-error.ts';
import { checkDatabase } from '../../../src/store/check/check-database.ts';
import type { Finding } from '../../../src/store/check/finding.ts';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { identifier } from '../../../src/store/postgres/identifier.ts';
import { hasSchema } from '../../../src/store/postgres/pool.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { accountStatus } from '../../../src/store/runs/status.ts';
import { QUEUE_SCHEMA, QUEUE_VERSION, RunQueue } from '../../../src/worker/queue.ts';
import { temporaryName, urlOf, withAdmin } from '../admin.ts';
import { withDatabase } from '../database.ts';
import { ACCOUNT, createRig } from '../rig.ts';

const queue = { schema: QUEUE_SCHEMA, version: QUEUE_VERSION };

/** The findings of `check` as the role of the connection string. */
export const findingsAs = (url: string, timezone = 'Europe/Oslo') =>
  withDatabase(url, async (database) => {
    const { findings } = await checkDatabase({
      url,
      database,
      timezone,
      timeOf: (at) => at.toISOString(),
      connections: 14,
      queue,
    });
    return findings;
  });

/** The checks with a problem. */
export const problemsOf = (findings: Finding[]) =>
  findings.filter(({ state }) => state === 'problem').map(({ check }) => check);

/** Starts the queue as `start` does, and puts a job into it. */
export async function startQueue(url: string): Promise<void> {
  const schemaExists = await withDatabase(url, (database) => hasSchema(database, QUEUE_SCHEMA));
  const started = await RunQueue.start({
    databaseUrl: url,
    schemaExists,
    onError: () => {},
  });
  await started.enqueue({ accountId: ACCOUNT, trigger: 'manual' });
  await started.stop();
}

/** Runs a first load, a run with changes, and the statements of `status`. */
async function syncTwice(url: string): Promise<void> {
  await withDatabase(
    url,
    async (database) => {
      await applyReportSettings(database, { timezone: 'UTC', statusTargets: { ERROR: 1 } });
      const rig = await createRig(database, { sandbox: { casesPerAccount: 5 } });
      expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
      rig.sandbox.world.advance({ hours: 48 });
      expect(await rig.sync()).toMatchObject({ state: 'succeeded' });
      expect(await accountStatus(database)).toHaveLength(1);
      // What messages and pages read: a role that sees no case there would say that all is well.
      expect(await database.$queryRaw`select from reporting.cases`).not.toHaveLength(0);
      await rig.close();
    },
    { connections: 4 },
  );
}

/** Whether each command works for the role, tried in the order of a first start. */
export async function tryCommands(url: string): Promise<Record<string, boolean>> {
  const works = (work: Promise<unknown>) =>
    work.then(
      () => true,
      () => false,
    );
  return {
    'rights: migrate': await works(migrate(url)),
    'rights: sync, status': await works(syncTwice(url)),
    'rights: start': await works(startQueue(url)),
  };
}

/** Whether the role can make another role a reader, and the reader sees the account. */
export async function grantsReader(url: string): Promise<boolean> {
  const role = await createReader();
  const granted = await withDatabase(url, (database) => grantReader(database, { role, accountIds: [ACCOUNT] })).catch(
    (error: unknown) => error,
  );
  if (granted instanceof SyncError) return false;
  expect(granted).toBeUndefined();
  const database = new URL(url).pathname.slice(1);
  const seen = await withAdmin(urlOf(inject('postgres').url, database), async (admin) => {
    await admin.query(`set role ${role}`);
    return admin.query('select from reporting.cases');
  });
  expect(seen.rowCount).toBeGreaterThan(0);
  return true;
}

async function createReader(): Promise<string> {
  const reader = temporaryName('test');
  const { url } = inject('postgres');
  await withDatabase(url, (database) => database.$executeRaw`create role ${identifier(reader)}`);
  onTestFinished(() =>
    withDatabase(url, async (database) => void (await database.$executeRaw`drop role ${identifier(reader)}`)),
  );
  return reader;
}
