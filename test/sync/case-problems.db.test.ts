import { describe, expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { wholeItem, withValue, wrongFields } from '../support/documented-fields.ts';
import { ACCOUNT, createRig, documentsOf, type Rig, rowVersions } from '../support/rig.ts';

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const [ONE, OTHER] = [idOf(1), idOf(2)] as const;

/** A rig without cases, and a function that syncs these items. */
async function listRig(database: Database, options: Parameters<typeof createRig>[1] = {}) {
  const rig = await createRig(database, { ...options, sandbox: { casesPerAccount: 0 } });
  const syncItems = async (items: unknown[], more: Parameters<Rig['sync']>[0] = {}) => {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    return rig.sync(more);
  };
  return { rig, syncItems };
}

const problemRows = (database: Database) =>
  database.caseProblem.findMany({ orderBy: [{ caseId: 'asc' }, { path: 'asc' }, { recordedAt: 'asc' }] });

/** The columns of a case and of its event that may depend on its document, by case id. */
async function columnsOf(database: Database): Promise<Map<string, Record<string, unknown>>> {
  const rows = await database.$queryRaw<{ id: string; columns: Record<string, unknown> }[]>`
    select
      case_row.id::text as id,
      to_jsonb(case_row) - '{id,fingerprint,content_hash,first_seen_at,changed_at}'::text[] || jsonb_build_object(
        'event', event_row.event, 'event_status', event_row.status, 'occurred_at', event_row.occurred_at,
        'request_id', event_row.request_id, 'error', event_row.error, 'provider_case_id', event_row.provider_case_id,
        'contract_url', event_row.contract_url
      ) as columns
    from cdd.cases as case_row
    join cdd.event_revisions as event_row
      on event_row.account_id = case_row.account_id and event_row.case_id = case_row.id`;
  return new Map(rows.map(({ id, columns }) => [id, columns]));
}

const PAYOUT = ['payout_destination_id', 'payout_destination_name', 'payout_destination_description'];
/** The columns that are null if a field, or a part of it, cannot be read; a field that is not here has none. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  case_for: ['case_for_account_id', ...PAYOUT, 'payout_reference'],
  'case_for.account_id': ['case_for_account_id'],
  ...Object.fromEntries(PAYOUT.map((name) => [`case_for.${name}`, [name]])),
  'case_for.payout_reference': ['payout_reference'],
  case_request: ['checks', 'country_code', 'organization_number', 'requires_contract_signing', 'reference_id'],
  'case_request.checks': ['checks'],
  'case_request.countryCode': ['country_code'],
  'case_request.organizationNumber': ['organization_number'],
  'case_request.requireContractSigning': ['requires_contract_signing'],
  'case_request.referenceId': ['reference_id'],
  account_id: ['owner_account_id'],
  ...Object.fromEntries(
    ['products', 'created_at', 'created_by', 'updated_at', 'deleted_by', 'deleted_at'].map((name) => [name, [name]]),
  ),
  package: ['package'],
  actions_on_approval: ['actions_on_approval'],
  payment_options: ['payment_options', 'currencies'],
  'events[].request_id': ['request_id'],
  'events[].event': ['event'],
  // The time of the transition is then that of the case, which is the same here.
  'events[].created_at': ['occurred_at', 'last_error_at'],
  'events[].error': ['error', 'last_error', 'last_error_at'],
  'events[].created': ['provider_case_id', 'contract_url'],
  'events[].created.case_id': ['provider_case_id'],
  'events[].created.contract_url': ['contract_url'],
};

const STATUS_FACTS = [
  'status',
  'status_since',
  'first_decided_at',
  'first_decision',
  'decision_route',
  'furthest_rank',
  'first_approved_at',
  'first_decision_status',
  'approved_at',
  'last_reviewed_at',
];

/** The values of a case's columns if this field cannot be read. */
function changesOf(path: string): Record<string, unknown> {
  const field = path.replace('[id=1]', '[]').replace(/\[0\]$/, '');
  if (field === 'events[].case_status') {
    const facts = [...STATUS_FACTS, 'event_status'].map((name) => [name, null]);
    return { ...Object.fromEntries(facts), transitions: 0 };
  }
  return Object.fromEntries((COLUMNS[field] ?? []).map((name) => [name, null]));
}

describe('a documented field of another type', () => {
  test('leaves its column null and one problem, and the whole document is saved: every field, every type', async ({
    db: { database },
  }) => {
    const { rig, syncItems } = await listRig(database);
    const wrong = wrongFields().map((field, index) => ({ ...field, id: idOf(index + 1) }));
    const items = [wholeItem(idOf(0)), ...wrong.map(({ id, ...field }) => withValue(wholeItem(id), field))];
    expect(await syncItems(items)).toMatchObject({
      ...{ state: 'succeeded', items_rejected: 0, cases_created: items.length },
    });
    expect(await documentsOf(database)).toEqual(new Map(items.map((item) => [String(item.id), item])));
    const columns = await columnsOf(database);
    const whole = columns.get(idOf(0)) ?? {};
    expect(Object.entries(whole).filter(([, value]) => value === null)).toEqual([
      ['facts', null],
      ['erased_at', null],
      ['missing_since', null],
      ['first_declined_at', null],
      ['first_decision_left_at', null],
    ]);
    for (const { id, path, value } of wrong) {
      const expected: Record<string, unknown> = { ...whole, ...changesOf(path) };
      // Options are kept as they were sent.
      if (path.startsWith('payment_options[0].')) {
        expected.payment_options = items.find((item) => item.id === id)?.payment_options;
      }
      if (path.startsWith('payment_options[0].currencies')) expected.currencies = [];
      expect(columns.get(id), `${path} = ${JSON.stringify(value)}`).toEqual(expected);
    }
    const rows = await problemRows(database);
    expect(rows.map(({ caseId, path, reason }) => ({ caseId, path, reason }))).toEqual(
      wrong.map(({ id, path, reason }) => ({ caseId: id, path, reason })),
    );
    expect(rows.every((row) => row.accountId === ACCOUNT && row.supersededAt === null)).toBe(true);
    await rig.close();
  });

  test('leaves no personal data behind with personalData: drop', async ({ db: { database } }) => {
    const { rig, syncItems } = await listRig(database, { personalData: 'drop' });
    const secret = 'Kari Nordmann';
    const fields = ['case_request', 'case_request.details', 'events[id=1].case', 'events[id=1].created'];
    const hiding = wrongFields().filter(({ path }) => [...fields, `${fields[3]}.contract_url`].includes(path));
    const items = hiding.map((field, index) => withValue(wholeItem(idOf(index)), field));
    const more = hiding.map((field, index) =>
      withValue(wholeItem(idOf(100 + index)), { ...field, value: [{ details: secret, contract_url: secret }] }),
    );
    expect(await syncItems([...items, ...more])).toMatchObject({ state: 'succeeded', cases_created: 2 * items.length });
    const saved = await documentsOf(database);
    expect(saved.size).toBe(2 * items.length);
    for (const document of saved.values()) expect(JSON.stringify(document)).not.toContain(secret);
    expect(JSON.stringify(await columnsOf(database).then((all) => [...all.values()]))).not.toContain(secret);
    expect(JSON.stringify(await problemRows(database))).not.toContain(secret);
    // An unchanged list writes nothing, so the fingerprints fit the text without the dropped fields.
    const before = await rowVersions(database);
    await syncItems([...more, ...items]);
    expect(await rowVersions(database)).toEqual(before);
    await rig.close();
  });

  test('of 20,000 events is a hundred problems and a row that counts the others', async ({ db: { database } }) => {
    const { rig, syncItems } = await listRig(database);
    for (const error of ['failed', 'refused']) {
      const events = Array.from({ length: 20_000 }, (_, id) => ({ id, created_at: 'x', error }));
      expect(await syncItems([{ ...wholeItem(ONE), events }])).toMatchObject({ events_recorded: 20_000 });
      const rows = await problemRows(database);
      expect(rows).toHaveLength(101);
      expect(rows[0]).toMatchObject({ path: '', reason: '19900 more fields are not as documented' });
    }
    await rig.close();
  });
});

describe('a time that is no RFC 3339 date-time, but can be read', () => {
  test.for([
    ['2026-03-01T10:00:00', 'one without an offset, read as UTC'],
    ['2026-03-01T10:00:00+0000', 'one without a colon in its offset'],
  ] as const)('is saved as UTC and noted: %s', async ([time, found], { db: { database } }) => {
    const { rig, syncItems } = await listRig(database);
    const event = { id: 1, case_status: 'ACTIVE', created_at: time, error: 'failed' };
    await syncItems([{ id: ONE, created_at: time, updated_at: time, deleted_at: time, events: [event] }]);
    const columns = (await columnsOf(database)).get(ONE) ?? {};
    const read = [
      'created_at',
      'updated_at',
      'deleted_at',
      'status_since',
      'opened_at',
      'occurred_at',
      'last_error_at',
    ];
    for (const name of read)
      expect(new Date(String(columns[name])).toISOString(), name).toBe('2026-03-01T10:00:00.000Z');
    expect(await database.statusTransition.findMany()).toMatchObject([{ occurredAtSource: 'event' }]);
    const revisions = await database.caseRevision.findMany();
    expect(revisions).toMatchObject([{ deletedAt: new Date('2026-03-01T10:00:00Z') }]);
    expect((await problemRows(database)).map(({ path, reason }) => `${path}: ${reason}`)).toEqual(
      ['created_at', 'deleted_at', 'events[id=1].created_at', 'updated_at'].map(
        (path) => `${path}: expected an RFC 3339 date-time, found ${found}`,
      ),
    );
    await rig.close();
  });
});

describe('a status that cannot be read', () => {
  test('makes no transition: the case keeps the status before it', async ({ db: { database } }) => {
    const { rig, syncItems } = await listRig(database);
    const eventOf = (id: number, status: unknown) => ({
      ...{ id, created_at: `2026-03-01T10:00:0${id}Z`, case_status: status },
    });
    const events = [
      eventOf(1, 'AUTOMATIC_REVIEW'),
      eventOf(2, 7),
      eventOf(3, 'AUTOMATIC_REVIEW'),
      eventOf(4, 'X'.repeat(201)),
    ];
    await syncItems([
      { id: ONE, events },
      { id: OTHER, events: [eventOf(1, ['ACTIVE'])] },
    ]);
    const views = await database.$queryRaw`
      select status, stage, is_open, transitions from reporting.cases order by case_id`;
    expect(views).toEqual([
      { status: 'AUTOMATIC_REVIEW', stage: 'review', is_open: true, transitions: 1 },
      { status: null, stage: null, is_open: true, transitions: 0 },
    ]);
    await rig.close();
  });

  test('of 512 characters of three bytes does not stop the reports of the account', async ({ db: { database } }) => {
    const { rig, syncItems } = await listRig(database);
    const eventOf = (id: number, status: string) => ({
      ...{ id, created_at: `2026-03-01T10:00:0${id}Z`, case_status: status },
    });
    // Of two thousand characters, because an index compresses a repeated one.
    const status = (from: number) =>
      String.fromCodePoint(...Array.from({ length: 512 }, (_, index) => 0x4e00 + ((from + index * 37) % 20_000)));
    await syncItems([
      { id: ONE, events: [eventOf(1, status(0)), eventOf(2, status(7777))] },
      { id: OTHER, events: [eventOf(1, 'ACTIVE')] },
    ]);
    const backlog = await database.$queryRaw`
      select status, cases from reporting.backlog_daily where day = (now() at time zone 'Europe/Oslo')::date`;
    expect(backlog).toEqual([{ status: 'ACTIVE', cases: 1 }]);
    expect(await database.reportChange.count()).toBe(0);
    await rig.close();
  });
});

describe('a status of more than 200 bytes that an older version stored', () => {
  test('is a problem after the next run, and its transition is closed', async ({ db: { database } }) => {
    const { rig, syncItems } = await listRig(database);
    const long = 'X'.repeat(201);
    const events = [
      { id: 1, created_at: '2026-03-01T10:00:00Z', case_status: 'AUTOMATIC_REVIEW' },
      { id: 2, created_at: '2026-03-01T11:00:00Z', case_status: long },
    ];
    await syncItems([{ id: ONE, events }]);
    await database.$executeRaw`delete from cdd.case_problems`;
    await database.$executeRaw`insert into cdd.case_statuses (status, stage, known) values (${long}, 'unknown', false)`;
    await database.$executeRaw`
      insert into cdd.status_transitions
      select
        account_id, case_id, 2, to_status, ${long}, '2026-03-01 11:00Z', 'event', 2, recorded_at, null, run_id, occurred_at
      from cdd.status_transitions`;
    // The version of the parser is part of it.
    await database.$executeRaw`update cdd.cases set status = ${long}, transitions = 2, fingerprint = sha256('older')`;
    await syncItems([{ events, id: ONE }]);
    expect(await database.case.findMany()).toMatchObject([{ status: 'AUTOMATIC_REVIEW', transitions: 1 }]);
    expect(await database.statusTransition.findMany({ where: { supersededAt: null } })).toHaveLength(1);
    expect(await problemRows(database)).toMatchObject([{ path: 'events[id=2].case_status', supersededAt: null }]);
    await rig.close();
  });
});

describe('a problem of a case', () => {
  const odd = (more: object = {}) => ({ ...wholeItem(ONE), package: { name: 'large' }, ...more });

  test('stays one open row while it lasts, is closed when it is gone, and is a new row when it is back', async ({
    db: { database },
  }) => {
    const { rig, syncItems } = await listRig(database);
    const versionOf = async () => (await rowVersions(database)).case_problems;
    await syncItems([odd()]);
    const [first] = await problemRows(database);
    const before = await versionOf();
    // Other content, another wrong value of the same type, an event in front, and other bytes with the same content.
    const event = { id: 0, created_at: '2026-02-01T10:00:00Z' };
    for (const more of [{ created_by: 'x' }, { package: { name: 'small' } }, { events: [event] }]) {
      expect(await syncItems([odd(more)])).toMatchObject({ cases_updated: 1 });
    }
    await syncItems([Object.fromEntries(Object.entries(odd({ events: [event] })).reverse())]);
    expect(await versionOf()).toBe(before);

    await syncItems([odd({ package: 7 })]);
    const changed = await problemRows(database);
    expect(changed).toHaveLength(2);
    expect(changed.find(({ supersededAt }) => supersededAt !== null)).toMatchObject({
      ...{ path: 'package', reason: 'expected a string, found an object', recordedAt: first?.recordedAt },
    });
    await syncItems([odd({ package: 'large' })]);
    expect((await problemRows(database)).filter(({ supersededAt }) => supersededAt === null)).toEqual([]);
    await syncItems([odd()]);
    const rows = await problemRows(database);
    expect(rows).toHaveLength(3);
    expect(rows.filter(({ supersededAt }) => supersededAt === null)).toMatchObject([
      { path: 'package', reason: 'expected a string, found an object' },
    ]);
    await rig.close();
  });

  test('of one case stays open while other cases change, and while its case is missing', async ({
    db: { database },
  }) => {
    const { rig, syncItems } = await listRig(database);
    await syncItems([odd(), wholeItem(OTHER)]);
    const before = (await rowVersions(database)).case_problems;
    await syncItems([odd(), { ...wholeItem(OTHER), created_by: 'x' }]);
    await syncItems([{ ...wholeItem(OTHER), created_by: 'y' }]);
    await syncItems([odd(), wholeItem(OTHER)]);
    expect((await rowVersions(database)).case_problems).toBe(before);
    await rig.close();
  });

  test('replaces the rejected item that an older version made of it', async ({ db: { database } }) => {
    const { rig, syncItems } = await listRig(database);
    await syncItems([wholeItem(OTHER)]);
    await database.$executeRaw`
      insert into cdd.rejected_items (account_id, fingerprint, case_id, path, reason, first_seen_at, last_seen_at)
      values (${ACCOUNT}, sha256('item'), ${ONE}::uuid, 'package', 'expected a string, found an object', now(), now())`;
    expect(await syncItems([wholeItem(OTHER), odd()])).toMatchObject({ state: 'succeeded', items_rejected: 0 });
    expect(await database.rejectedItem.count({ where: { resolvedAt: null } })).toBe(0);
    expect(await problemRows(database)).toMatchObject([{ caseId: ONE, path: 'package', supersededAt: null }]);
    await rig.close();
  });

  test('is told at the end of the run that recorded it, by path and not by case', async ({ db: { database } }) => {
    const { rig, syncItems } = await listRig(database);
    const reports: Record<string, number>[] = [];
    const onProblems = (problems: ReadonlyMap<string, number>) => reports.push(Object.fromEntries(problems));
    const events = [
      { id: 5, error: 1 },
      { id: 6, error: 1 },
    ];
    await syncItems([odd(), { ...wholeItem(OTHER), package: 1, events }], { onProblems });
    expect(reports).toEqual([{ package: 2, 'events[].error': 2 }]);
    await syncItems([odd({ created_by: 'x' })], { onProblems });
    expect(reports).toHaveLength(1);
    await rig.close();
  });
});
