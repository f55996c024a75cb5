import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { migrate, pendingMigrations } from '../../../src/store/migrate/migrate.ts';
import { copyOfPrisma, rows, test, writeDefinitions } from '../../support/migrations.ts';

const prisma = join(import.meta.dirname, '../../../prisma');

describe('a file of prisma/definitions', () => {
  /** Views, functions and triggers that files define, as `view reporting.cases (reporting/cases)`. */
  function definedObjects(): string[] {
    const object = /^create or replace (view|function|trigger) ([\w.]+)(?:\n(?:before|after) [^;]*?\bon ([\w.]+))?/gm;
    return globSync('*/*.sql', { cwd: join(prisma, 'definitions') }).flatMap((file) => {
      const text = readFileSync(join(prisma, 'definitions', file), 'utf8');
      return [...text.matchAll(object)].map(([, kind, name, table]) =>
        table === undefined ? `${kind} ${name} in ${file}` : `${kind} ${name} on ${table}`,
      );
    });
  }

  test('is there for each view and function, and each trigger is in one', async ({ db }) => {
    const existing = await rows<{ object: string }>(
      db.url,
      `select format('view %s.%s in %1$s/%2$s.sql', relnamespace::regnamespace, relname) as object
       from pg_class
       where relkind in ('v', 'm') and relnamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
       union all
       select format('function %s.%s in %1$s/%2$s.sql', pronamespace::regnamespace, proname)
       from pg_proc
       where pronamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
       union all
       select format('trigger %s on %s', tgname, tgrelid::regclass)
       from pg_trigger
       where not tgisinternal`,
    );
    expect(definedObjects().sort()).toEqual(existing.map(({ object }) => object).sort());
  });

  test('gives its view or function a comment', async ({ db }) => {
    const silent = await rows(
      db.url,
      `select oid::regclass::text from pg_class
       where relkind = 'v' and relnamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
         and obj_description(oid, 'pg_class') is null
       union all
       select oid::regproc::text from pg_proc
       where pronamespace in ('cdd'::regnamespace, 'reporting'::regnamespace) and obj_description(oid, 'pg_proc') is null`,
    );
    expect(silent).toEqual([]);
  });

  test('leaves no name in a function to the search_path of its caller', async ({ db }) => {
    // A body that is not a string is bound to its objects when the function is made.
    const open = await rows(
      db.url,
      `select oid::regproc::text from pg_proc
       where pronamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
         and prosqlbody is null
         and not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false)`,
    );
    expect(open).toEqual([]);
  });
});

describe('a definition that changed', () => {
  const today = readFileSync(join(prisma, 'definitions/reporting/settings.sql'), 'utf8');
  const settings = today.replace('\nfrom cdd.', ", 'new'::text as added\nfrom cdd.");

  test('is pending, is applied alone and once, and is recorded', async ({ db, write }) => {
    const directory = await copyOfPrisma(write);
    expect(await pendingMigrations(db.url, directory)).toEqual([]);
    await writeDefinitions(directory, { 'reporting.settings': settings });
    expect(await pendingMigrations(db.url, directory)).toEqual(['reporting.settings']);
    expect(await migrate(db.url, directory)).toMatchObject({ applied: [], definitions: ['reporting.settings'] });
    expect(await rows(db.url, 'select added from reporting.settings')).toEqual([{ added: 'new' }]);
    expect(await migrate(db.url, directory)).toMatchObject({ applied: [], definitions: [] });
  });

  test('keeps views that an analyst built on it', async ({ db, write }) => {
    await rows(
      db.url,
      `create view public.zones as select timezone from reporting.settings;
       create view public.backlog as select sum(cases) as cases from reporting.backlog_as_of(now())`,
    );
    const directory = await copyOfPrisma(write);
    const backlog = readFileSync(join(prisma, 'definitions/reporting/backlog_as_of.sql'), 'utf8');
    const changed = { 'reporting.settings': settings, 'reporting.backlog_as_of': `${backlog}-- changed\n` };
    await writeDefinitions(directory, changed);
    expect((await migrate(db.url, directory)).definitions.sort()).toEqual(Object.keys(changed).sort());
    expect(await rows(db.url, 'select timezone, cases from public.zones, public.backlog')).toEqual([
      { timezone: 'Europe/Oslo', cases: null },
    ]);
  });

  test('and fails is named, and nothing of the same migration stays', async ({ db, write }) => {
    const directory = await copyOfPrisma(write);
    await writeDefinitions(directory, {
      'cdd.added': 'create or replace view cdd.added as select 1 as one;',
      'reporting.settings': today.replace('timezone,', 'timezone as zone,'),
    });
    await expect(migrate(db.url, directory)).rejects.toThrow(
      /definition reporting\.settings failed, nothing was changed: cannot change name of view column/,
    );
    expect(await rows(db.url, `select to_regclass('cdd.added') as added`)).toEqual([{ added: null }]);
    expect(await pendingMigrations(db.url)).toEqual([]);
  });
});

test('a view or function that is gone is made again, with the right to read it', async ({ db }) => {
  await rows(db.url, 'drop view reporting.sync_runs; drop function cdd.rebuild_roll_ups');
  const gone = ['cdd.rebuild_roll_ups', 'reporting.sync_runs'];
  expect(await pendingMigrations(db.url)).toEqual(gone);
  expect((await migrate(db.url)).definitions).toEqual(gone);
  expect(
    await rows(db.url, `select has_table_privilege('cdd_reader', 'reporting.sync_runs', 'select') as may`),
  ).toEqual([{ may: true }]);
});

test.for([
  ['gone', 'drop trigger note_superseded on cdd.status_transitions'],
  ['disabled', 'alter table cdd.status_transitions disable trigger note_superseded'],
  ['for replicas only', 'alter table cdd.status_transitions enable replica trigger note_superseded'],
] as const)('a trigger that is %s is made again', async ([, change], { db }) => {
  await rows(db.url, change);
  expect(await pendingMigrations(db.url)).toEqual(['cdd.note_transitions']);
  expect((await migrate(db.url)).definitions).toEqual(['cdd.note_transitions']);
  expect(await pendingMigrations(db.url)).toEqual([]);
});

test('a schema of definitions that is gone is made again, with the right to use it', async ({ db }) => {
  await rows(db.url, 'drop schema reporting cascade');
  await migrate(db.url);
  expect(await pendingMigrations(db.url)).toEqual([]);
  expect(await rows(db.url, `select has_schema_privilege('cdd_reader', 'reporting', 'usage') as may`)).toEqual([
    { may: true },
  ]);
});

describe('a version that comes after one with other definitions, and is replaced by it again,', () => {
  const newer = { 'cdd.added': 'create or replace view cdd.added as select 1 as one;' };
  const refusal = /another version of cdd-sync migrated this database after this one.*or a newer one/i;

  test('is refused and changes nothing', async ({ db, write }) => {
    const directory = await copyOfPrisma(write);
    await writeDefinitions(directory, newer);
    await migrate(db.url, directory);
    await expect(migrate(db.url)).rejects.toThrow(refusal);
    await expect(pendingMigrations(db.url)).rejects.toThrow(refusal);
    expect(await pendingMigrations(db.url, directory)).toEqual([]);
    expect(await migrate(db.url, directory)).toMatchObject({ applied: [], definitions: [] });
  });

  test('is applied if that is asked for, and then the other one is refused', async ({ db, write }) => {
    const directory = await copyOfPrisma(write);
    await writeDefinitions(directory, newer);
    await migrate(db.url, directory);
    await migrate(db.url, undefined, { mayGoBack: true });
    expect(await pendingMigrations(db.url)).toEqual([]);
    await expect(migrate(db.url, directory)).rejects.toThrow(refusal);
  });
});
