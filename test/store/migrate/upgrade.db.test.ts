import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { migrate, pendingMigrations } from '../../../src/store/migrate/migrate.ts';
import { backfillCaseStates } from '../../support/case-states.ts';
import { backfillOf, migrationsOfVersion010, rows, test } from '../../support/migrations.ts';
import { schemaSnapshot } from '../../support/schema-snapshot.ts';

const LAST = '20261129100000_roll_up_places';

/** Text of views and functions as this server prints it. */
const definitions = (url: string) =>
  rows(
    url,
    `select oid::regclass::text as name, pg_get_viewdef(oid) as text
     from pg_class
     where relkind = 'v' and relnamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
     union all
     select oid::regprocedure::text, pg_get_functiondef(oid)
     from pg_proc
     where pronamespace in ('cdd'::regnamespace, 'reporting'::regnamespace)
     order by name`,
  );

/**
 * Every row of every table in cdd, without the times at which it was written. Not of cdd.roll_ups, which has an account's
 * row as soon as a roll-up needed its lock; nor of cdd.batch_slots, whose rows are made by runs, and by the migration for
 * facts that older versions recorded.
 */
async function dataOf(url: string) {
  const tables = await rows<{ name: string }>(
    url,
    `select format('cdd.%I', relname) as name from pg_class
     where relkind = 'r' and relnamespace = 'cdd'::regnamespace
       and relname not in ('_prisma_migrations', 'roll_ups', 'batch_slots')
     order by name`,
  );
  const columns = (name: string) =>
    `'{made_at,noted_at,applied_at,next_due_at,stale_at${name === 'cdd.report_changes' ? ',id' : ''}}'::text[]`;
  // One after the other: a connection for each table at once ended a server of the tests that was busy.
  const data: { name: string; value: unknown }[][] = [];
  for (const { name } of tables) {
    const sql = `select '${name}' as name, to_jsonb(each_row) - ${columns(name)} as value from ${name} as each_row order by value`;
    data.push(await rows(url, sql));
  }
  return data.filter((table) => table.length > 0);
}

describe('a database of version 0.1.0', () => {
  test('ends equal to a new one in schema and data, and keeps the views of an analyst', async ({
    db,
    empty,
    write,
  }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    const history = await readFile(join(import.meta.dirname, '../../fixtures/history.sql'), 'utf8');
    await rows(empty.url, history);
    await rows(
      empty.url,
      `create view public.open_cases as select case_id, stage from reporting.cases where is_open;
       create view public.present as select status from reporting.cases_as_of('2026-04-01Z', '2026-07-01Z')`,
    );
    await rows(db.url, history);
    await backfillCaseStates(db.url);
    await rows(db.url, 'update cdd.accounts set reported_label = label');
    await rows(db.url, await backfillOf('20261130092802_accounts', 'update cdd.accounts'));
    await rows(db.url, await backfillOf('20261130075949_decisions', 'create unlogged table'));

    const pending = await pendingMigrations(empty.url);
    const { applied, definitions: made, edited } = await migrate(empty.url);
    expect([...applied, ...made]).toEqual(pending);
    expect(edited).toEqual([]);
    expect(await schemaSnapshot(empty.url)).toBe(await schemaSnapshot(db.url));
    expect(await definitions(empty.url)).toEqual(await definitions(db.url));
    const data = await dataOf(db.url);
    expect(data.map(([first]) => first?.name)).toEqual(
      expect.arrayContaining([
        'cdd.cases',
        'cdd.superseded_case_states',
        'cdd.backlog_days',
        'cdd.report_changes',
        'cdd.applied_definitions',
      ]),
    );
    expect(await dataOf(empty.url)).toEqual(data);
    const recorded = 'select migration_name, checksum, applied_steps_count from cdd._prisma_migrations order by 1';
    expect((await rows(empty.url, recorded)).map(({ checksum }) => checksum)).toEqual(
      (await rows(db.url, recorded)).map(({ checksum }) => checksum),
    );
    expect(await rows(empty.url, 'select * from public.present')).not.toEqual([]);
    expect(await rows(empty.url, 'select * from public.open_cases')).not.toEqual([]);
    expect(await migrate(empty.url)).toMatchObject({ applied: [], definitions: [], edited: [] });
  });

  test('keeps the views of an analyst on a function that returns one more column now', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    await rows(empty.url, await readFile(join(import.meta.dirname, '../../fixtures/history.sql'), 'utf8'));
    await rows(
      empty.url,
      `create view public.backlog as select * from reporting.backlog_as_of('2026-04-01Z', '2026-07-01Z')`,
    );
    const backlog = 'select * from public.backlog order by account_id, status';
    const before = await rows(empty.url, backlog);
    expect(before).not.toEqual([]);
    await migrate(empty.url);
    expect(await rows(empty.url, backlog)).toEqual(before);
    const added = `select is_open from reporting.backlog_as_of('2026-04-01Z', '2026-07-01Z') limit 1`;
    expect(await rows(empty.url, added)).toEqual([{ is_open: expect.any(Boolean) }]);
  });

  test('loses the statuses of events that are longer than 200 bytes, and no other', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    await rows(empty.url, await readFile(join(import.meta.dirname, '../../fixtures/history.sql'), 'utf8'));
    await rows(
      empty.url,
      `insert into cdd.case_statuses (status, stage, known)
       values (repeat('æ', 101), 'unknown', false), (repeat('æ', 100), 'unknown', false);
       update cdd.event_revisions set status = repeat('æ', case id when 5 then 101 else 100 end) where id < 7;
       update cdd.event_revisions set status = 'ACTIVE' where id = 7`,
    );
    await migrate(empty.url);
    const statuses = 'select distinct id::integer, octet_length(status) as bytes from cdd.event_revisions order by 1';
    expect(await rows(empty.url, statuses)).toEqual([
      { id: 5, bytes: null },
      { id: 6, bytes: 200 },
      { id: 7, bytes: 6 },
    ]);
  });

  test('that has roll-ups can make them again and gets the same', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    await rows(empty.url, await readFile(join(import.meta.dirname, '../../fixtures/history.sql'), 'utf8'));
    await migrate(empty.url);
    await rows(empty.url, 'select cdd.roll_up(id) from cdd.accounts');
    const rolledUp = await dataOf(empty.url);
    await rows(empty.url, 'select cdd.rebuild_roll_ups(id) from cdd.accounts');
    expect(await dataOf(empty.url)).toEqual(rolledUp);
  });

  test('that counted a case of the year 1 counts it no longer', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    await rows(empty.url, await readFile(join(import.meta.dirname, '../../fixtures/history.sql'), 'utf8'));
    const [odd] = await rows<{ id: string }>(
      empty.url,
      `select id from cdd.cases where account_id = 'P10000001' and status is not null and deleted_at is null limit 1`,
    );
    await rows(
      empty.url,
      `update cdd.cases set created_at = '0001-01-01Z', opened_at = '0001-01-01Z' where id = '${odd?.id}';
       update cdd.status_transitions
       set occurred_at = case sequence when 1 then '0001-01-01Z' else occurred_at end,
         from_since = case sequence when 2 then '0001-01-01Z' else from_since end
       where case_id = '${odd?.id}' and superseded_at is null;
       select cdd.roll_up(id) from cdd.accounts`,
    );
    const firstDay = 'select min(day)::text as day from cdd.backlog_days';
    expect(await rows(empty.url, firstDay)).toEqual([{ day: '0001-01-01' }]);
    await migrate(empty.url);
    await rows(empty.url, 'select cdd.roll_up(id) from cdd.accounts');
    expect(await rows(empty.url, firstDay)).toEqual([{ day: expect.stringMatching(/^2026-/) }]);
    const rolledUp = await dataOf(empty.url);
    await rows(empty.url, 'select cdd.rebuild_roll_ups(id) from cdd.accounts');
    expect(await dataOf(empty.url)).toEqual(rolledUp);
  });

  test('that has facts in the future records all later ones after them', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    await rows(empty.url, await readFile(join(import.meta.dirname, '../../fixtures/history.sql'), 'utf8'));
    await rows(
      empty.url,
      `update cdd.status_transitions
       set recorded_at = recorded_at + interval '100 years', superseded_at = superseded_at + interval '100 years'`,
    );
    await migrate(empty.url);
    const latest = `
      select account_id, greatest(max(recorded_at), max(superseded_at)) as at
      from cdd.status_transitions
      group by account_id`;
    expect(await rows(empty.url, latest)).not.toEqual([]);
    expect(
      await rows(
        empty.url,
        `select fact.account_id
         from (${latest}) as fact
         where 2 <> (
           select count(*) from cdd.batch_slots where account_id = fact.account_id and recorded_at >= fact.at
         )`,
      ),
    ).toEqual([]);
    expect(await rows(empty.url, 'select reporting.known_until() > now() as "isAhead"')).toEqual([{ isAhead: true }]);
  });

  test('that lacks some of its migrations is refused, with what to do', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    await rows(empty.url, `delete from cdd._prisma_migrations where migration_name = '${LAST}'`);
    const refusal = /has 11 of the 12 migrations of cdd-sync 0\.1\.0.*Run the command migrate of version 0\.1\.0 first/;
    await expect(migrate(empty.url)).rejects.toThrow(refusal);
    await expect(pendingMigrations(empty.url)).rejects.toThrow(refusal);
    expect(await rows(empty.url, 'select count(*)::integer as count from cdd._prisma_migrations')).toEqual([
      { count: 11 },
    ]);
  });

  test('is upgraded by one of several that migrate it at once', async ({ empty, write }) => {
    await migrate(empty.url, await migrationsOfVersion010(write));
    const all = await Promise.all([1, 2, 3].map(() => migrate(empty.url)));
    expect(all.filter(({ applied }) => applied.length > 0)).toHaveLength(1);
  });
});
