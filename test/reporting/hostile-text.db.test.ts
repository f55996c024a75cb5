import { describe, expect } from 'vitest';
import { test } from '../support/database.ts';
import { wholeItem, withValue, wrongFields } from '../support/documented-fields.ts';
import { ALL_HOSTILE_TEXTS } from '../support/hostile-text.ts';
import { asOfDifferences } from '../support/reporting/compare-as-of.ts';
import { viewDifferences } from '../support/reporting/compare-views.ts';
import { item, syncLists } from '../support/reporting/listed-history.ts';
import { ACCOUNT, createRig, documentsOf } from '../support/rig.ts';

const MAX_STATUS_BYTES = 200;
const HOUR_MS = 3_600_000;

/** Columns with text of the document. */
const COLUMNS = [
  ...['case_for_account_id', 'payout_destination_id', 'payout_destination_name', 'payout_destination_description'],
  ...['payout_reference', 'country_code', 'organization_number', 'reference_id', 'owner_account_id', 'created_by'],
  ...['deleted_by', 'package', 'checks', 'products', 'actions_on_approval', 'last_error'],
];
const EVENT_COLUMNS = ['event', 'request_id', 'error', 'provider_case_id', 'contract_url'];

/** A case with the text in every documented text field, as a key and in undocumented fields, and as two of its statuses. */
function hostileItem(number: number, text: string) {
  const whole = wholeItem(undefined, text);
  const at = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
  const event = (whole.events as object[])[0];
  const events = [
    { ...event, id: 1, created_at: at(70), case: { [text]: text } },
    { ...event, id: 2, created_at: at(50), case_status: 'ACTIVE' },
    { ...event, id: 3, created_at: at(1 + (number % 24)) },
  ];
  return item(number, {
    ...whole,
    id: item(number, {}).id,
    created_at: at(80),
    updated_at: at(1),
    deleted_at: null,
    events,
    [`more ${text}`]: [text],
  });
}

describe('a text that breaks other programs, in every documented field', () => {
  test('is saved as it is, and every view has it or what follows from it', async ({ db }) => {
    const items = ALL_HOSTILE_TEXTS.map((text, index) => hostileItem(index, text));
    // Without a status, beside those with the status `null`.
    const synced = await syncLists(db, [[...items, item(items.length, { events: [] })]]);
    const saved = await documentsOf(db.database);
    for (const [index, each] of items.entries()) {
      expect(saved.get(String(each.id)), JSON.stringify(ALL_HOSTILE_TEXTS[index]?.slice(0, 100))).toEqual(each);
    }
    const rows = await db.database.$queryRaw<{ columns: Record<string, unknown>; events: Record<string, unknown>[] }[]>`
      select
        to_jsonb(case_row) as columns,
        (
          select jsonb_agg(to_jsonb(event_row) order by event_row.id)
          from cdd.event_revisions as event_row
          where event_row.account_id = case_row.account_id and event_row.case_id = case_row.id
        ) as events
      from cdd.cases as case_row
      order by case_row.id`;
    expect(rows).toHaveLength(items.length + 1);
    for (const [index, text] of ALL_HOSTILE_TEXTS.entries()) {
      const { columns, events } = rows[index] ?? { columns: {}, events: [] };
      for (const name of COLUMNS) expect([columns[name]].flat(), name).toEqual([text]);
      for (const name of EVENT_COLUMNS)
        expect(
          events.map((event) => event[name]),
          name,
        ).toEqual([text, text, text]);
    }
    const label = ALL_HOSTILE_TEXTS.join('');
    // As the account's next run leaves them.
    await db.database.$executeRaw`update cdd.accounts set label = ${label}, reported_label = ${label}`;
    const accounts = synced.accounts.map((account) => ({ ...account, label }));
    const settings = { timezone: 'Europe/Oslo', statusTargets: {} };
    expect(await viewDifferences({ ...synced, accounts }, settings)).toEqual([]);
    expect(await asOfDifferences(synced)).toEqual([]);
    const shown = await db.database.$queryRaw<{ status: string }[]>`
      select status from reporting.statuses where not known
      intersect
      select to_status from reporting.status_history`;
    const statuses = ALL_HOSTILE_TEXTS.filter((text) => Buffer.byteLength(text) <= MAX_STATUS_BYTES);
    expect(shown.map(({ status }) => status).sort()).toEqual(statuses.toSorted());
    await synced.rig.close();
  });

  test('is rejected with its item if Postgres cannot store it, in each field, and the items around it are saved', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    const texts = ['\0', 'a\0b', '\ud83d', '\ude48\ud83d', 'a\udc00'];
    const fields = wrongFields().filter(({ reason }) => reason.startsWith('expected a string'));
    const bad = [...new Map(fields.map((field) => [field.path, field])).values()].flatMap(({ keys }) =>
      texts.map((value) => ({ keys, value })),
    );
    const items = bad.flatMap((field, index) => [
      withValue(wholeItem(String(item(2 * index, {}).id)), field),
      wholeItem(String(item(2 * index + 1, {}).id)),
    ]);
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect(await rig.sync()).toMatchObject({
      ...{ state: 'partial', error_code: null, items_rejected: bad.length, cases_created: bad.length },
    });
    const rejected = await database.rejectedItem.findMany({ orderBy: { caseId: 'asc' } });
    for (const [index, { caseId, reason }] of rejected.entries()) {
      expect(caseId).toBe(item(2 * index, {}).id);
      expect(reason).toMatch(/^expected text that Postgres can store, found (?:U\+0000|half a surrogate pair)/);
    }
    await rig.close();
  });
});
