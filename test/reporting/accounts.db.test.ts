import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { item } from '../support/reporting/listed-history.ts';
import { enableAccounts } from '../support/reporting/random-history.ts';
import { createRig, type Rig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const READ = 'P11200000';
const NEVER_READ = 'T12345678';

type AccountRow = {
  id: string;
  label: string | null;
  environment: string;
  enabled: boolean;
  firstReadAt: string | null;
  lastSuccessAt: string | null;
  isDue: boolean;
  cases: number;
  openCases: number;
};

async function rowsOf(database: Database): Promise<Record<string, AccountRow | undefined>> {
  const rows = await database.$queryRaw<AccountRow[]>`
    select
      account_id as id, account_label as label, environment, enabled, first_read_at::text as "firstReadAt",
      last_success_at::text as "lastSuccessAt", next_due_at is not null as "isDue", cases, open_cases as "openCases"
    from reporting.accounts`;
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}

const statusItem = (number: number, case_status: string, fields: JsonObject = {}) =>
  item(number, { events: [{ id: 1, case_status, created_at: '2026-01-01T00:00:00Z' }], ...fields });

/** Four open cases, a decided one, a deleted one, and one more open one with a deletion in the future. */
const LIST = [
  statusItem(1, 'WAITING_FOR_DETAILS'),
  statusItem(2, 'UNDER_MANUAL_REVIEW'),
  statusItem(3, 'WAITING_FOR_GODOT'),
  item(4, { events: [] }),
  statusItem(5, 'ACTIVE'),
  statusItem(6, 'UNDER_MANUAL_REVIEW', { deleted_at: '2026-02-01T00:00:00Z' }),
  statusItem(7, 'UNDER_MANUAL_REVIEW', { deleted_at: '9999-01-01T00:00:00Z' }),
];

function syncList(rig: Rig, list: readonly JsonObject[]) {
  rig.sandbox.world.serve(READ, JSON.stringify(list));
  return rig.sync({ account: sandboxAccount(READ, { label: 'Nordic' }) });
}

describe('reporting.accounts', () => {
  test('shows an account without any run', async ({ db: { database } }) => {
    await enableAccounts(database, [{ id: NEVER_READ, label: 'Acme', schedule: '* * * * *' }]);
    expect(await rowsOf(database)).toEqual({
      [NEVER_READ]: {
        id: NEVER_READ,
        label: 'Acme',
        environment: 'test',
        enabled: true,
        firstReadAt: null,
        lastSuccessAt: null,
        isDue: true,
        cases: 0,
        openCases: 0,
      },
    });
  });

  test('keeps a disabled account with its cases and times; it is not due, and due again when enabled', async ({
    db: { database },
  }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    await syncList(rig, LIST);
    const reported = [{ id: READ, label: 'Nordic', schedule: '* * * * *' }];
    await enableAccounts(database, reported);
    const { [READ]: enabled } = await rowsOf(database);
    expect(enabled).toMatchObject({ enabled: true, isDue: true, cases: 7, openCases: 5 });
    await saveAccounts(database, [sandboxAccount(NEVER_READ)]);
    const rows = await rowsOf(database);
    expect(Object.keys(rows).sort()).toEqual([READ, NEVER_READ]);
    expect(rows[READ]).toEqual({ ...enabled, enabled: false, isDue: false });
    await enableAccounts(database, reported);
    expect((await rowsOf(database))[READ]).toEqual(enabled);
    await rig.close();
  });

  test('has the time of the first run that read the whole list; later runs leave it', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    const whole = JSON.stringify(LIST);
    rig.sandbox.world.serve(READ, whole.slice(0, -9));
    expect(await rig.sync({ account: sandboxAccount(READ) })).toMatchObject({ state: 'failed', cases_created: 6 });
    expect((await rowsOf(database))[READ]).toMatchObject({ firstReadAt: null, lastSuccessAt: null, cases: 6 });
    // Its last item is rejected, but the list was read to its end.
    expect(await syncList(rig, [...LIST, { id: 'no uuid' }])).toMatchObject({ state: 'partial' });
    const { [READ]: first } = await rowsOf(database);
    expect(first?.firstReadAt).toBe(first?.lastSuccessAt);
    expect(first?.firstReadAt).not.toBeNull();
    await syncList(rig, LIST);
    const { [READ]: later } = await rowsOf(database);
    expect(later?.firstReadAt).toBe(first?.firstReadAt);
    expect(String(later?.lastSuccessAt) > String(first?.lastSuccessAt)).toBe(true);
    await rig.close();
  });

  test('counts a missing case among the cases, not among the open ones', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    await syncList(rig, LIST);
    await syncList(rig, LIST.slice(1));
    expect((await rowsOf(database))[READ]).toMatchObject({ cases: 7, openCases: 4 });
    await syncList(rig, LIST);
    expect((await rowsOf(database))[READ]).toMatchObject({ cases: 7, openCases: 5 });
    await rig.close();
  });
});
