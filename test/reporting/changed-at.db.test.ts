import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/sandbox/json.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { test } from '../support/database.ts';
import { item } from '../support/reporting/listed-history.ts';
import { ACCOUNT, createRig, type Rig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'P11200001';

/** The only case of the account, and the time up to which an incremental reader has read; texts, for their microseconds. */
async function shownCase(database: Database): Promise<{ row: string; changedAt: string; readUntil: string }> {
  const [shown] = await database.$queryRaw<{ row: string; changedAt: string; readUntil: string }[]>`
    select
      (
        to_jsonb(shown_case) - '{changed_at,hours_in_status,applicant_hours,review_hours}'::text[]
      )::text as row,
      changed_at::text as "changedAt",
      least(now(), reporting.known_until())::text as "readUntil"
    from reporting.cases as shown_case
    where account_id = ${ACCOUNT}`;
  if (shown === undefined) throw new Error('there is no case');
  return shown;
}

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();
const event = (id: number, status: string, at: string) => ({ id, case_status: status, created_at: at });
const FIRST = event(1, 'WAITING_FOR_DETAILS', '2026-01-01T00:00:00Z');
const LISTED = item(1, { products: ['payout'], events: [FIRST] });

type World = { rig: Rig; database: Database; sync: (fields: JsonObject) => Promise<void> };
type Change = {
  name: string;
  before?: JsonObject;
  make: (world: World) => Promise<unknown>;
  /** `make` changes the row and changes it back. */
  endsAsBefore?: true;
};

const CHANGES: readonly Change[] = [
  { name: 'another product', make: ({ sync }) => sync({ products: ['checkout'] }) },
  { name: 'a new status', make: ({ sync }) => sync({ events: [FIRST, event(2, 'ERROR', '2026-01-02T00:00:00Z')] }) },
  { name: 'a late event', make: ({ sync }) => sync({ events: [event(2, 'ERROR', '2025-12-01T00:00:00Z'), FIRST] }) },
  { name: 'its absence', make: ({ rig }) => serve(rig, []) },
  {
    name: 'its return after an absence',
    endsAsBefore: true,
    make: async ({ rig, database }) => {
      await serve(rig, []);
      const absent = await shownCase(database);
      await serve(rig, [LISTED]);
      const { changedAt } = await shownCase(database);
      expect(changedAt > absent.readUntil).toBe(true);
    },
  },
  {
    name: 'a status that lay in the future when it was recorded',
    before: { events: [FIRST, event(2, 'ACTIVE', TOMORROW)] },
    // No test can move the clock; so the time comes to the clock.
    make: ({ database }) =>
      database.$executeRaw`
        with reached as (
          update cdd.status_transitions set occurred_at = now() where occurred_at = ${TOMORROW}::timestamptz
        )
        update cdd.cases set status_since = now()`,
  },
  {
    name: 'a deletion that lay in the future when it was recorded',
    before: { deleted_at: TOMORROW },
    make: ({ database }) => database.$executeRaw`update cdd.cases set deleted_at = now()`,
  },
  {
    name: 'another label of the account',
    make: ({ rig }) => rig.sync({ account: sandboxAccount(ACCOUNT, { label: 'Renamed' }) }),
  },
  {
    name: 'the same case in another account',
    make: async ({ rig }) => {
      rig.sandbox.world.serve(OTHER, JSON.stringify([LISTED]));
      await rig.sync({ account: sandboxAccount(OTHER) });
    },
  },
  {
    name: 'an upgrade that learns the stage of its status',
    before: { events: [event(1, 'FROZEN', '2026-01-01T00:00:00Z')] },
    make: ({ database }) =>
      database.$executeRaw`update cdd.case_statuses set stage = 'closed', known = true where status = 'FROZEN'`,
  },
  {
    name: 'transitions that a newer version derives otherwise',
    endsAsBefore: true,
    make: async ({ rig, database }) => {
      await database.$executeRaw`update cdd.status_transitions set to_status = 'ERROR'`;
      await database.$executeRaw`update cdd.cases set status = 'ERROR', fingerprint = sha256('older')`;
      const older = await shownCase(database);
      await serve(rig, [LISTED]);
      const newer = await shownCase(database);
      expect([newer.row === older.row, newer.changedAt > older.readUntil]).toEqual([false, true]);
    },
  },
];

async function serve(rig: Rig, list: readonly JsonObject[]): Promise<void> {
  rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
  await rig.sync();
}

describe('changed_at of a case', () => {
  for (const { name, before, make, endsAsBefore = false } of CHANGES) {
    test(`moves past the time up to which a reader has read: ${name}`, async ({ db: { database } }) => {
      const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
      const sync = (fields: JsonObject) => serve(rig, [{ ...LISTED, ...fields }]);
      await sync(before ?? {});
      const read = await shownCase(database);
      await make({ rig, database, sync });
      const changed = await shownCase(database);
      expect(changed.row === read.row).toBe(endsAsBefore);
      expect(changed.changedAt > read.readUntil).toBe(true);
      await rig.close();
    });
  }

  test('moves with personalData, which changes the stored document', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    const listed = { ...LISTED, case_request: { details: { name: 'somebody' } } };
    await serve(rig, [listed]);
    const read = await shownCase(database);
    await rig.close();
    const without = await createRig(database, { sandbox: { casesPerAccount: 0 }, personalData: 'drop' });
    await serve(without, [listed]);
    expect((await shownCase(database)).changedAt > read.readUntil).toBe(true);
    await without.close();
  });

  test('stays if a run changes nothing', async ({ db: { database } }) => {
    const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
    await serve(rig, [LISTED]);
    const { changedAt } = await shownCase(database);
    const [id, ...others] = Object.entries(LISTED);
    // The same content in another order of its keys has another fingerprint.
    await serve(rig, [Object.fromEntries([...others, ...(id === undefined ? [] : [id])])]);
    expect((await shownCase(database)).changedAt).toBe(changedAt);
    await rig.close();
  });
});
