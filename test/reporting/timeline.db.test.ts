import { describe, expect } from 'vitest';
import { publishedTexts } from '../../src/store/cases/sql/case-columns.ts';
import { test } from '../support/database.ts';
import { rows } from '../support/migrations.ts';
import { formatInstant } from '../support/reference/instant.ts';
import type { Row } from '../support/reference/row.ts';
import { item, syncLists } from '../support/reporting/listed-history.ts';
import { makeRandomHistory } from '../support/reporting/random-history.ts';

const IN_ORDER = 'order by at, recorded_at, event_id nulls first, kind, title';

describe('the timeline of a case', () => {
  test('as known at a time is the same later', async ({ db }) => {
    const readUntil = (knownAt: string) =>
      rows<Row>(
        db.url,
        `select
           case_key, at, recorded_at, kind, title, from_value, to_value, event_id, run_id,
           case when superseded_at <= '${knownAt}' then superseded_at end as superseded_at
         from reporting.case_timeline
         where recorded_at <= '${knownAt}'
         order by case_key, at, recorded_at, event_id nulls first, kind, title`,
      );
    const told: { knownAt: string; story: Row[] }[] = [];
    const synced = await makeRandomHistory(db, {
      seed: 21,
      steps: 5,
      cases: 20,
      changes: 40,
      backdated: false,
      oddTimes: true,
      afterStep: async ({ last }) => {
        const knownAt = formatInstant(last.knownAt);
        told.push({ knownAt, story: await readUntil(knownAt) });
      },
    });
    const kinds = new Set(told.at(-1)?.story.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'changed',
      'corrected',
      'created',
      'deleted',
      'event',
      'missing',
      'problem',
      'returned',
      'status',
    ]);
    for (const { knownAt, story } of told) expect.soft(await readUntil(knownAt)).toEqual(story);
    await synced.rig.close();
  });

  test('tells every change of status once among the rows that still hold', async ({ db }) => {
    const synced = await makeRandomHistory(db, {
      seed: 22,
      steps: 4,
      cases: 20,
      changes: 60,
      backdated: false,
      oddTimes: true,
    });
    const expected = await rows(
      db.url,
      `select case_key, event_id, occurred_at as at, to_status from reporting.status_transitions order by case_key, event_id`,
    );
    const told = await rows(
      db.url,
      `select case_key, event_id, at, to_value as to_status
       from reporting.case_timeline
       where superseded_at is null
         and (kind = 'status' or kind = 'corrected' and title like 'Corrected: status %')
       order by case_key, event_id`,
    );
    expect(told.length).toBeGreaterThan(200);
    expect(told).toEqual(expected);
    await synced.rig.close();
  });

  test('tells changes of columns that reporting.cases shows, and of no others', async ({ db }) => {
    const document = {
      account_id: 'P1',
      created_by: 'somebody',
      case_for: { payout_destination_description: 'words' },
    };
    const other = { account_id: 'P2', created_by: 'another', case_for: { payout_destination_description: 'text' } };
    const synced = await syncLists(db, [
      [item(1, { ...document, case_request: { details: { name: 'A' } }, events: [] })],
      [item(1, { ...other, case_request: { details: { name: 'B' } }, events: [] })],
    ]);
    const told = await rows(db.url, 'select field, old_value, new_value from reporting.case_changes');
    expect(told).toEqual([{ field: 'owner_account_id', old_value: 'P1', new_value: 'P2' }]);
    const columns = await rows<{ name: string }>(
      db.url,
      `select attname as name from pg_attribute where attrelid = 'reporting.cases'::regclass and attnum > 0`,
    );
    const published = publishedTexts('any').map(([column]) => column);
    expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(published));
    await synced.rig.close();
  });

  test('reads as a story, with both versions of what was corrected', async ({ db }) => {
    const opened = {
      id: 1,
      event: 'case_created',
      case_status: 'WAITING_FOR_DETAILS',
      created_at: '2026-05-04T08:00:00Z',
    };
    const approved = { id: 2, event: 'case_approved', case_status: 'ACTIVE', created_at: '2026-05-05T08:00:00Z' };
    const reminded = { id: 3, event: 'case_reminder_sent', created_at: '2026-05-06T08:00:00Z' };
    const fields = { created_at: '2026-05-04T07:59:00Z', package: 'basic', products: ['payout'] };
    const synced = await syncLists(db, [
      [item(1, { ...fields, events: [opened, approved] })],
      [item(1, { ...fields, package: 7, products: ['payout', 'checkout'], events: [opened, approved, reminded] })],
      [],
      [
        item(1, {
          ...fields,
          deleted_at: '2026-05-07T10:00:00+02:00',
          events: [opened, { ...approved, case_status: 'DECLINED' }, { ...reminded, case: { risk_level: 'HIGH' } }],
        }),
      ],
    ]);
    const told = await rows(
      db.url,
      `select
         to_char(at at time zone 'UTC', 'MM-DD HH24:MI') as at,
         dense_rank() over (order by recorded_at) as run, kind, title, from_value, to_value, superseded_at is null as holds
       from reporting.case_timeline
       where at < '2026-06-01Z'
       ${IN_ORDER}`,
    );
    expect(told.map((row) => Object.values(row).map(String).join(' | '))).toEqual([
      '05-04 07:59 | 1 | created | Case created | null | null | true',
      '05-04 08:00 | 1 | status | Status WAITING_FOR_DETAILS | null | WAITING_FOR_DETAILS | true',
      '05-05 08:00 | 1 | status | Status ACTIVE, was WAITING_FOR_DETAILS | WAITING_FOR_DETAILS | ACTIVE | false',
      '05-05 08:00 | 3 | corrected | Corrected: status DECLINED, was WAITING_FOR_DETAILS; recorded before: status ACTIVE, was WAITING_FOR_DETAILS | ACTIVE | DECLINED | true',
      '05-06 08:00 | 2 | event | Event case_reminder_sent | null | case_reminder_sent | false',
      '05-06 08:00 | 3 | corrected | Event case_reminder_sent has other content, which no report shows | case_reminder_sent | case_reminder_sent | true',
      '05-07 08:00 | 3 | deleted | Deleted | null | null | true',
    ]);
    const learned = await rows(
      db.url,
      `select dense_rank() over (order by recorded_at) as run, kind, title, from_value, to_value
       from reporting.case_timeline
       where at = recorded_at
       ${IN_ORDER}`,
    );
    expect(learned.map((row) => Object.values(row).map(String).join(' | '))).toEqual([
      '1 | changed | package changed | basic | null',
      '1 | changed | products changed | payout | payout, checkout',
      '1 | problem | package: expected a string, found a number | null | expected a string, found a number',
      "2 | missing | Missing from the account's list | null | null",
      '3 | changed | package changed | null | basic',
      '3 | changed | products changed | payout, checkout | payout',
      '3 | problem | package: as documented again | expected a string, found a number | null',
      "3 | returned | In the account's list again | null | null",
    ]);
    const deletions = await rows(
      db.url,
      `select revision, field, old_value, new_value from reporting.case_changes where field = 'deleted_at'`,
    );
    expect(deletions).toEqual([
      { revision: 4, field: 'deleted_at', old_value: null, new_value: '2026-05-07T08:00:00Z' },
    ]);
    await synced.rig.close();
  });
});
