import { describe, expect } from 'vitest';
import { syncParts } from '../../src/app.ts';
import type { RunRow } from '../../src/model/run.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import { sync } from '../../src/sync/run.ts';
import { withAdmin } from '../support/admin.ts';
import { test } from '../support/database.ts';
import { everyRow } from '../support/every-row.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { ACCOUNT, createRig, type Rig } from '../support/rig.ts';
import { apiSettings, sandboxAccount } from '../support/sandbox-account.ts';

type Options = { acceptMissing?: boolean; personalData?: 'keep' | 'drop' };

/** A dry run of the rig's account on a pool of its own. */
async function dryRun(rig: Rig, url: string, { acceptMissing = false, personalData = 'keep' }: Options = {}) {
  const database = openDatabase(url, { connections: 4 });
  const config = {
    api: apiSettings(rig.sandbox.url),
    concurrency: 4,
    personalData,
    missingGuard: { ratio: 0.2, atLeast: 10 },
  };
  const parts = syncParts(config, { database, isDryRun: true });
  try {
    const account = sandboxAccount(ACCOUNT);
    return await sync({ account, trigger: 'manual', acceptMissing, signal: new AbortController().signal }, parts);
  } finally {
    parts.dintero.close();
    await database.close();
  }
}

/** The parts of a row that do not belong to its moment, its row or its requests. */
function figures(row: RunRow | null) {
  if (row === null) throw new Error('the account is locked');
  const { id: _, started_at, heartbeat_at, finished_at, bytes_read, requests, retries, ...rest } = row;
  return rest;
}

const at = (sandbox: Sandbox, n: number) => ({ account: ACCOUNT, case: sandbox.world.caseIds(ACCOUNT)[n] ?? '' });
const CASES = 60;

/** Changes of the list between the first run and the dry run; `expected` keeps a scenario from testing nothing. */
const scenarios: [
  name: string,
  change: (sandbox: Sandbox) => void,
  expected: Partial<RunRow>,
  options?: { acceptMissing: boolean },
][] = [
  ['nothing but the time', () => {}, { cases_unchanged: CASES, cases_updated: 0, state: 'succeeded' }],
  [
    'one changed case',
    (sandbox) => sandbox.world.appendEvent(at(sandbox, 3)),
    { cases_updated: 1, events_recorded: 1, transitions_recorded: 1, cases_unchanged: CASES - 1 },
  ],
  [
    'a late event, before all others, and one that was corrected',
    (sandbox) => {
      sandbox.world.addLateEvent(at(sandbox, 5), { status: 'AUTOMATIC_REVIEW' });
      sandbox.world.edit(at(sandbox, 6), (document) => {
        const [first] = Array.isArray(document.events) ? document.events : [];
        Object.assign(first, { created_at: '2026-01-02T03:04:05Z', case_status: 'DECLINED' });
      });
    },
    { cases_updated: 2 },
  ],
  [
    'an event that is gone, a field, and keys in another order',
    (sandbox) => {
      sandbox.world.edit(at(sandbox, 7), (document) => {
        if (Array.isArray(document.events)) document.events.shift();
      });
      sandbox.world.changeFields(at(sandbox, 8), { package: 'other' });
      sandbox.world.reorderKeys(at(sandbox, 9));
      sandbox.world.deleteCase(at(sandbox, 10));
    },
    { cases_updated: 3 },
  ],
  ['three cases that vanish', (sandbox) => vanish(sandbox, 3), { cases_missing: 3, state: 'succeeded' }],
  [
    'most of its cases vanish',
    (sandbox) => vanish(sandbox, 30),
    { cases_missing: 0, missing_held_back: 30, state: 'partial', error_code: 'MASS_DISAPPEARANCE' },
  ],
  [
    'most of its cases vanish, and this is accepted',
    (sandbox) => vanish(sandbox, 30),
    { cases_missing: 30, missing_held_back: 0, state: 'succeeded' },
    { acceptMissing: true },
  ],
  [
    'an item without an id, and a case that vanishes',
    (sandbox) => {
      sandbox.world.appendItem(ACCOUNT, '{"events":[]}');
      vanish(sandbox, 1);
    },
    { items_rejected: 1, missing_held_back: 1, error_code: 'UNREADABLE_ITEM', state: 'partial' },
  ],
  [
    'new and changed cases twice in the list, once with other content',
    (sandbox) => {
      const fresh = '{"id":"00000000-0000-4000-8000-0000000000aa","events":[{"id":1,"case_status":"ACTIVE"}]';
      sandbox.world.appendItem(ACCOUNT, `${fresh}}`);
      sandbox.world.appendItem(ACCOUNT, `${fresh},"products":null}`);
      sandbox.world.appendItem(ACCOUNT, `${fresh} }`);
      sandbox.world.appendEvent(at(sandbox, 1));
      sandbox.world.repeat(at(sandbox, 1), 2);
      sandbox.world.repeat(at(sandbox, 2), 2);
    },
    { cases_created: 1, items_rejected: 1, cases_updated: 1 },
  ],
  [
    'a field of a wrong type, and an event without a time',
    (sandbox) => {
      sandbox.world.changeFields(at(sandbox, 4), { package: { odd: true } });
      sandbox.world.appendEvent(at(sandbox, 5), { created_at: null });
    },
    { cases_updated: 2 },
  ],
  [
    'a list that is cut off',
    (sandbox) => {
      sandbox.world.appendEvent(at(sandbox, 0));
      sandbox.faults.add({ endpoint: 'list', times: 2, fault: { kind: 'truncated', afterBytes: 90_000 } });
    },
    { state: 'failed', error_code: 'TRUNCATED', complete: false, cases_updated: 1 },
  ],
  [
    'a list that is refused',
    (sandbox) => sandbox.faults.add({ endpoint: 'list', times: 2, fault: { kind: 'status', status: 403 } }),
    { state: 'failed', error_code: 'FORBIDDEN' },
  ],
];

function vanish(sandbox: Sandbox, count: number): void {
  for (const id of sandbox.world.caseIds(ACCOUNT).slice(-count)) sandbox.world.vanish({ account: ACCOUNT, case: id });
}

describe('a dry run has the figures of the next run, and leaves every row as it was:', () => {
  test('a first load', async ({ db: { database, url } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: CASES } });
    const before = await everyRow(database);
    const dry = figures(await dryRun(rig, url));
    expect(await everyRow(database)).toEqual(before);
    expect(dry).toMatchObject({ cases_created: CASES, state: 'succeeded', complete: true });
    expect(dry).toEqual(figures(await rig.sync()));
    await rig.close();
  });

  test.for(scenarios)('%s', async ([, change, expected, options], { db: { database, url } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: CASES } });
    await rig.sync();
    change(rig.sandbox);
    const before = await everyRow(database);
    const dry = figures(await dryRun(rig, url, options));
    expect(await everyRow(database)).toEqual(before);
    expect(dry).toMatchObject(expected);
    // Its etag would make an unchanged list a 304, in which no case is counted.
    await database.$executeRaw`update cdd.accounts set etag = null, etag_request = null`;
    expect(dry).toEqual(figures(await rig.sync(options)));
    await rig.close();
  });

  test('cases that return after they were missing, unchanged and changed', async ({ db: { database, url } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: CASES } });
    await rig.sync();
    const [first = '', second = ''] = rig.sandbox.world.caseIds(ACCOUNT);
    for (const id of [first, second]) rig.sandbox.world.vanish({ account: ACCOUNT, case: id });
    await rig.sync();
    for (const id of [first, second]) rig.sandbox.world.bringBack({ account: ACCOUNT, case: id });
    rig.sandbox.world.appendEvent({ account: ACCOUNT, case: second });
    const before = await everyRow(database);
    const dry = figures(await dryRun(rig, url));
    expect(await everyRow(database)).toEqual(before);
    expect(dry).toMatchObject({ cases_returned: 2, cases_updated: 1 });
    expect(dry).toEqual(figures(await rig.sync()));
    await rig.close();
  });

  test('personal data that is left out from now on', async ({ db: { database, url } }) => {
    const before = await createRig(database, { sandbox: { casesPerAccount: CASES } });
    await before.sync();
    const dry = figures(await dryRun(before, url, { personalData: 'drop' }));
    const after = await createRig(database, { sandbox: { casesPerAccount: CASES }, personalData: 'drop' });
    expect(dry).toMatchObject({ cases_updated: expect.any(Number) });
    expect(dry.cases_updated).toBeGreaterThan(0);
    expect(dry).toEqual(figures(await after.sync()));
    await before.close();
    await after.close();
  });
});

describe('a dry run', () => {
  test('needs no right to write, and no lock: it works beside a real run and beside another dry run', async ({
    db: { database, url },
  }) => {
    const role = await createLogin();
    const rig = await createRig(database, { sandbox: { casesPerAccount: CASES } });
    await rig.sync();
    rig.sandbox.world.appendEvent(at(rig.sandbox, 2));
    await withAdmin(url, (admin) => admin.query(`grant pg_read_all_data to ${role}`));
    // The account is locked, as by a real run.
    const run = await rig.parts.destination.openRun(ACCOUNT, 'manual');
    expect(run).not.toBeNull();
    const rows = await Promise.all([dryRun(rig, urlAs(url, role)), dryRun(rig, urlAs(url, role))]);
    for (const row of rows) expect(row).toMatchObject({ state: 'succeeded', cases_updated: 1 });
    await rig.close();
  });
});
