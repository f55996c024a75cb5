import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { SyncError } from '../../../src/model/sync-error.ts';
import { checkDatabase } from '../../../src/store/check/check-database.ts';
import type { Finding } from '../../../src/store/check/finding.ts';
import { migrate } from '../../../src/store/migrate/migrate.ts';
import { identifier, quoted } from '../../../src/store/postgres/identifier.ts';
import { hasSchema } from '../../../src/store/postgres/pool.ts';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { accountStatus } from '../../../src/store/runs/status.ts';
import { QUEUE_SCHEMA, QUEUE_VERSION, RunQueue } from '../../../src/worker/queue.ts';
import { temporaryName, urlOf, withAdmin } from '../../support/admin.ts';
import { createEmptyDatabase, withDatabase } from '../../support/database.ts';
import { createLogin, urlAs } from '../../support/login-role.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';

const queue = { schema: QUEUE_SCHEMA, version: QUEUE_VERSION };

const findingsAs = (url: string, timezone = 'Europe/Oslo') =>
  withDatabase(url, async (database) => {
    const { findings } = await checkDatabase({ url, database, timezone, connections: 14, queue });
    return findings;
  });

/** The checks with a problem. */
const problemsOf = (findings: Finding[]) =>
  findings.filter(({ state }) => state === 'problem').map(({ check }) => check);

async function startQueue(url: string): Promise<void> {
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
      await rig.close();
    },
    { connections: 4 },
  );
}

/** Whether each command works for the role, tried in the order of a first start. */
async function tryCommands(url: string): Promise<Record<string, boolean>> {
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

/** A database that the tests' superuser has migrated and in which it started the queue; made once. */
let migrated: ReturnType<typeof createEmptyDatabase> | null = null;
afterAll(() => migrated?.then(({ drop }) => drop()));

async function createMigrated(): ReturnType<typeof createEmptyDatabase> {
  const { url, template } = inject('postgres');
  const created = await createEmptyDatabase(url, `template ${template} strategy file_copy`);
  await startQueue(created.url);
  return created;
}

async function createDatabase(kind: 'empty' | 'migrated'): Promise<string> {
  let options = '';
  if (kind === 'migrated') {
    migrated ??= createMigrated();
    options = `template ${new URL((await migrated).url).pathname.slice(1)} strategy file_copy`;
  }
  const created = await createEmptyDatabase(inject('postgres').url, options);
  onTestFinished(created.drop);
  return created.url;
}

const grantTables = (role: string) => `
  grant usage on schema cdd, reporting to ${role};
  grant select, insert, update, delete on all tables in schema cdd to ${role};
  grant usage on all sequences in schema cdd to ${role};
  grant select on all tables in schema reporting to ${role}`;
const grantQueue = (role: string) => `
  grant usage on schema pgboss to ${role};
  grant select, insert, update, delete on all tables in schema pgboss to ${role}`;
const createSchemas = (owner: string) =>
  ['cdd', 'reporting', 'pgboss'].map((schema) => `create schema ${schema} authorization ${owner}`).join('; ');
const onDatabase = (right: string, role: string) =>
  `do $do$ begin execute format('${right}', current_database(), '${role.slice(1, -1)}'); end $do$`;

type Case = {
  name: string;
  database: 'empty' | 'migrated';
  attributes?: string;
  suffix?: string;
  /** `role` is quoted. */
  setUp?: (role: string) => string;
  problems: string[];
  /** Whether `grant-reader` works as well; only where there are no problems. */
  mayGrantReader?: boolean;
};

const cases: Case[] = [
  { name: 'without any grant', database: 'empty', problems: ['rights: migrate', 'rights: start'] },
  {
    name: 'without any grant, with an odd name',
    database: 'empty',
    suffix: ` we"ird'$$\\n`,
    problems: ['rights: migrate', 'rights: start'],
  },
  {
    name: 'that may create schemas',
    database: 'empty',
    setUp: (role) => onDatabase('grant create on database %I to %I', role),
    problems: [],
  },
  {
    name: 'that may create schemas and grant cdd_reader',
    database: 'empty',
    setUp: (role) =>
      `${onDatabase('grant create on database %I to %I', role)}; grant cdd_reader to ${role} with admin option`,
    problems: [],
    mayGrantReader: true,
  },
  {
    name: 'that may use tables and queue and grant cdd_reader, which may not use the reports',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; grant cdd_reader to ${role} with admin option;
      revoke usage on schema reporting from cdd_reader; revoke select on all tables in schema reporting from cdd_reader`,
    problems: [],
  },
  {
    name: 'that may create schemas, where nobody may use schema public',
    database: 'empty',
    setUp: (role) =>
      `revoke all on schema public from public; ${onDatabase('grant create on database %I to %I', role)}`,
    problems: [],
  },
  {
    name: 'that may create roles and no schemas',
    database: 'empty',
    attributes: 'createrole',
    problems: ['rights: migrate', 'rights: start'],
  },
  {
    name: 'that owns the three schemas',
    database: 'empty',
    setUp: createSchemas,
    problems: [],
  },
  {
    name: 'beside empty schemas of another',
    database: 'empty',
    setUp: () => createSchemas('current_user'),
    problems: ['rights: migrate', 'rights: start'],
  },
  {
    name: 'that may make tables in empty schemas of another',
    database: 'empty',
    setUp: (role) =>
      `${createSchemas('current_user')}; grant usage, create on schema cdd, reporting, pgboss to ${role}`,
    problems: ['rights: migrate'],
  },
  {
    name: 'that owns nothing, where another has migrated',
    database: 'migrated',
    problems: ['schema', 'rights: sync, status', 'rights: start'],
  },
  {
    name: 'that owns nothing, with an odd name, where another has migrated',
    database: 'migrated',
    suffix: ` we"ird'$$\\n`,
    problems: ['schema', 'rights: sync, status', 'rights: start'],
  },
  {
    name: 'that may use the tables, and not the queue',
    database: 'migrated',
    setUp: grantTables,
    problems: ['rights: start'],
  },
  {
    name: 'that may use the queue, and not the tables',
    database: 'migrated',
    setUp: grantQueue,
    problems: ['schema', 'rights: sync, status'],
  },
  {
    name: 'that may use tables and queue',
    database: 'migrated',
    setUp: (role) => `${grantTables(role)}; ${grantQueue(role)}`,
    problems: [],
  },
  {
    name: 'that may only read the tables',
    database: 'migrated',
    setUp: (role) => `
      grant usage on schema cdd, reporting to ${role};
      grant select on all tables in schema cdd, reporting to ${role}; ${grantQueue(role)}`,
    problems: ['rights: sync, status'],
  },
  {
    name: 'without a sequence of the tables',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; revoke usage on all sequences in schema cdd from ${role}`,
    problems: ['rights: sync, status'],
  },
  {
    name: 'where functions are not open to everybody',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; revoke execute on all functions in schema cdd from public`,
    problems: ['rights: sync, status'],
  },
  {
    name: 'where older definitions belong to another',
    database: 'migrated',
    setUp: (role) => `
      ${grantTables(role)}; ${grantQueue(role)}; update cdd.applied_definitions set checksum = 'of an older version'`,
    problems: ['rights: migrate'],
  },
  {
    name: 'where an older queue belongs to another',
    database: 'migrated',
    setUp: (role) => `${grantTables(role)}; ${grantQueue(role)}; update pgboss.version set version = version - 1`,
    problems: ['rights: start'],
  },
  {
    name: 'that reads reports',
    database: 'migrated',
    setUp: (role) => `grant cdd_reader to ${role}`,
    problems: ['schema', 'rights: sync, status', 'rights: start'],
  },
];

describe('check, as a role', () => {
  test.for(cases)(
    '$name, tells which commands fail, and its SQL mends them',
    async ({ database, setUp, ...options }) => {
      const role = await createLogin(options.attributes, options.suffix);
      const admin = await createDatabase(database);
      const asAdmin = (sql: string) => withAdmin(admin, (client) => client.query(sql));
      if (setUp !== undefined) await asAdmin(setUp(quoted(role)));
      const url = urlAs(admin, role);

      const before = await findingsAs(url);
      expect(problemsOf(before)).toEqual(options.problems);
      const tried = await tryCommands(url);
      for (const [command, works] of Object.entries(tried)) {
        // Before the tables exist, only `migrate` can say something of `sync`.
        const blocked =
          options.problems.includes(command) ||
          (database === 'empty' && command === 'rights: sync, status' && !tried['rights: migrate']);
        // With everything migrated, `migrate` has nothing to do and needs to read only.
        const isReadOnly = command === 'rights: migrate' && options.problems.includes('schema');
        expect({ command, works }).toEqual({ command, works: !blocked && !isReadOnly });
      }

      if (options.problems.length === 0) {
        const granting = before.find(({ check }) => check === 'rights: grant-reader');
        expect(granting?.state).toBe(options.mayGrantReader ? 'ok' : 'warning');
        expect(await grantsReader(url)).toBe(options.mayGrantReader ?? false);
      }

      for (const sql of before.flatMap((one) => one.sql)) await asAdmin(sql);
      const after = await findingsAs(url);
      expect(problemsOf(after)).toEqual([]);
      expect(after.find(({ check }) => check === 'rights: grant-reader')?.state).toBe('ok');
      expect(await tryCommands(url)).toEqual({
        'rights: migrate': true,
        'rights: sync, status': true,
        'rights: start': true,
      });
      expect(problemsOf(await findingsAs(url))).toEqual([]);
      expect(await grantsReader(url)).toBe(true);
    },
  );
});

describe('check, as the owner of everything', () => {
  const older = `update cdd.applied_definitions set checksum = ''`;
  const revoked: { revoke: string; change: string }[] = [
    { revoke: 'insert on cdd.cases', change: '' },
    { revoke: 'insert on cdd.cases', change: older },
    { revoke: 'select on reporting.sync_freshness', change: '' },
    { revoke: 'usage on schema cdd', change: '' },
    { revoke: 'create on schema reporting', change: older },
    { revoke: 'all on pgboss.queue', change: '' },
    { revoke: 'usage on schema pgboss', change: '' },
  ];
  test.for(revoked)('finds that its own right is gone: $revoke; $change', async ({ revoke, change }) => {
    const role = await createLogin();
    const admin = await createDatabase('empty');
    const asAdmin = (sql: string) => withAdmin(admin, (client) => client.query(sql));
    await asAdmin(onDatabase('grant create on database %I to %I', quoted(role)));
    const url = urlAs(admin, role);
    await migrate(url);
    await startQueue(url);
    await asAdmin(change);
    await withAdmin(url, (client) => client.query(`revoke ${revoke} from current_user`));
    const before = await findingsAs(url);
    expect(problemsOf(before)).not.toEqual([]);
    for (const sql of before.flatMap((one) => one.sql)) await asAdmin(sql);
    expect(problemsOf(await findingsAs(url))).toEqual([]);
    expect(Object.values(await tryCommands(url))).toEqual([true, true, true]);
  });
});

describe('the SQL of docs/operating.md', () => {
  /** The blocks of SQL in the section on rights, with the names of the test. */
  async function blocks(names: Record<string, string>): Promise<string[]> {
    const text = await readFile(join(import.meta.dirname, '../../../docs/operating.md'), 'utf8');
    const [section = ''] = text.split('\n## Rights\n')[1]?.split('\n## ') ?? [];
    return [...section.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) =>
      Object.entries(names).reduce((changed, [name, other]) => changed.replaceAll(name, other), sql),
    );
  }

  test('makes one role and its database, in which everything works', async () => {
    const names = { cdd_sync: temporaryName('test'), 'database cdd ': `database ${temporaryName('test')} `, '…': 'p' };
    const [create = ''] = await blocks(names);
    const { url: server } = inject('postgres');
    const runAll = (sql: string) =>
      withAdmin(server, async (admin) => {
        for (const statement of sql.split(';\n')) await admin.query(statement);
      });
    onTestFinished(() => runAll(`drop ${names['database cdd ']} with (force);\ndrop role ${names.cdd_sync}`));
    await runAll(create);
    const url = urlAs(urlOf(server, names['database cdd '].split(' ')[1] ?? ''), names.cdd_sync);
    expect(problemsOf(await findingsAs(url))).toEqual([]);
    expect(Object.values(await tryCommands(url))).toEqual([true, true, true]);
  });

  test('lets a worker do everything but migrate, and the readers be granted', async () => {
    const [role, owner] = [await createLogin(), await createLogin()];
    const admin = await createDatabase('empty');
    const asAdmin = (sql: string) => withAdmin(admin, (client) => client.query(sql));
    await asAdmin(onDatabase('grant create on database %I to %I', quoted(owner)));
    await migrate(urlAs(admin, owner));
    const [, grants = '', readers = ''] = await blocks({
      cdd_sync: role,
      cdd_owner: owner,
      'create role cdd_reader nologin;': '',
    });
    await asAdmin(grants);
    await asAdmin(readers);
    const url = urlAs(admin, role);
    const warned = (await findingsAs(url)).filter(({ state, check }) => state !== 'ok' && check.startsWith('rights'));
    expect(warned).toMatchObject([{ check: 'rights: migrate', state: 'warning' }]);
    expect(Object.values(await tryCommands(url))).toEqual([true, true, true]);
    expect(await grantsReader(url)).toBe(true);
    // Tables of a later version.
    await withAdmin(urlAs(admin, owner), (client) => client.query('create table cdd.later (id bigserial)'));
    await withAdmin(url, (client) => client.query('insert into cdd.later default values'));
  });
});

/** Whether the role can make another role a reader, and the reader sees the account. */
async function grantsReader(url: string): Promise<boolean> {
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
