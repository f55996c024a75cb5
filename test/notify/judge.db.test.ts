import { describe, expect } from 'vitest';
import type { NotifySettings } from '../../src/config/notify.ts';
import { NOTICE_KINDS } from '../../src/model/notice.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { manyId } from '../support/many-accounts.ts';
import { addRefusedAccounts, judgeAt, judging, notifySettings, setLate, takeItems, told } from '../support/notices.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('an account', () => {
  test('that is late is told once, after a day, and when it has been fresh for a quarter of an hour', async ({
    db: { database },
  }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const judge = judging(database, notifySettings());
    expect(await judge()).toEqual([]);
    await setLate(database, ACCOUNT, true);
    expect(await judge()).toEqual([told('account_stale', 'began', { accountId: ACCOUNT })]);
    expect(await judge()).toEqual([]);
    expect(await judge(DAY / MINUTE)).toEqual([told('account_stale', 'still')]);
    await setLate(database, ACCOUNT, false);
    expect(await judge()).toEqual([]);
    expect(await judge(14)).toEqual([]);
    const [over] = await judge(1);
    expect(over).toMatchObject(told('account_stale', 'over'));
    // When it was first seen to be fresh, and not when that had lasted long enough.
    expect(Math.round(((over?.judgedAt.getTime() ?? 0) - (over?.endedAt?.getTime() ?? 0)) / MINUTE)).toBe(15);
    expect(await judge((3 * DAY) / MINUTE)).toEqual([]);
    expect(await database.notice.count({ where: { kind: 'account_stale' } })).toBe(0);
  });

  test('that is paused or disabled is told to be unwatched, never to be fresh', async ({ db: { database } }) => {
    const ids = [ACCOUNT, 'P12345679', 'P12345680'];
    await saveAccounts(
      database,
      ids.map((id) => sandboxAccount(id)),
    );
    for (const id of ids) await setLate(database, id, true);
    const judge = judging(database, notifySettings(['account_stale']));
    expect(await judge()).toHaveLength(3);
    await database.$executeRaw`update cdd.accounts set paused_since = now() where id = ${ids[0]}`;
    await database.$executeRaw`update cdd.accounts set enabled = false where id = ${ids[1]}`;
    expect(await judge()).toEqual([]);
    expect(await judge(20)).toEqual([
      told('account_stale', 'unwatched', { accountId: ids[0], code: 'paused' }),
      told('account_stale', 'unwatched', { accountId: ids[1], code: 'disabled' }),
    ]);
    await database.$executeRaw`update cdd.accounts set paused_since = null`;
    expect(await judge()).toEqual([told('account_stale', 'began', { accountId: ids[0] })]);
  });

  test('whose rule is removed is told nothing, and begins anew when the rule is back after days', async ({
    db: { database },
  }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    await setLate(database, ACCOUNT, true);
    const now = Date.now();
    const at = async (days: number, settings: NotifySettings) => {
      await judgeAt(database, settings, new Date(now + days * DAY));
      return takeItems(database);
    };
    const [rule, none, others] = [
      notifySettings(['account_stale']),
      notifySettings(['run_failing']),
      { ...notifySettings(), rules: [{ on: ['account_stale' as const], to: ['ops'], accounts: ['P99999999'] }] },
    ];
    expect(await at(0, rule)).toHaveLength(1);
    await setLate(database, ACCOUNT, false);
    for (const settings of [none, others, none]) expect(await at(0.4, settings)).toEqual([]);
    await setLate(database, ACCOUNT, true);
    // Two replicas, of which one has the rule: it knows what it told.
    expect(await at(0.5, rule)).toEqual([]);
    expect(await at(0.6, none)).toEqual([]);
    expect(await at(3, rule)).toEqual([told('account_stale', 'began')]);
    expect(await at(3.1, none)).toEqual([]);
    expect(await at(5, none)).toEqual([]);
    expect(await database.notice.count({ where: { kind: 'account_stale' } })).toBe(0);
  });

  test('whose runs fail is told at the third failure, at the first refusal, and not of a stop of the worker', async ({
    db: { database },
  }) => {
    await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
    const judge = judging(database, notifySettings(['run_failing', 'mass_disappearance']));
    const addRun = (state: string, code: string | null, heldBack = 0) => database.$executeRaw`
      insert into cdd.sync_runs (account_id, id, trigger, state, started_at, heartbeat_at, finished_at, complete, error_code, error_message, missing_held_back)
      select ${ACCOUNT}, gen_random_uuid(), 'schedule', ${state}, at, at, at, ${state !== 'failed' && state !== 'abandoned'}, ${code}, ${code}, ${heldBack}
      from clock_timestamp() as at`;
    await addRun('succeeded', null);
    for (let stop = 0; stop < 4; stop += 1) await addRun('failed', 'CANCELLED');
    for (const state of ['failed', 'abandoned']) await addRun(state, state === 'failed' ? 'NETWORK' : 'ABANDONED');
    expect(await judge()).toEqual([]);
    await addRun('failed', 'NETWORK');
    expect(await judge()).toEqual([told('run_failing', 'began', { code: 'NETWORK' })]);
    await addRun('partial', 'MASS_DISAPPEARANCE', 40);
    expect(await judge()).toEqual([told('mass_disappearance', 'began', { items: 40 })]);
    expect(await judge(16)).toEqual([told('run_failing', 'over')]);
    // A run that did not read the list says nothing about the cases.
    await addRun('failed', 'AUTH');
    expect(await judge(16)).toEqual([told('run_failing', 'began', { code: 'AUTH' })]);
    await addRun('failed', 'FORBIDDEN');
    expect(await judge()).toEqual([told('run_failing', 'began', { code: 'FORBIDDEN' })]);
    for (const code of ['AUTH', 'FORBIDDEN']) {
      await addRun('failed', code);
      expect(await judge()).toEqual([]);
    }
    await addRun('succeeded', null);
    expect(await judge()).toEqual([]);
    expect(await judge(16)).toEqual([told('mass_disappearance', 'over')]);
  });
});

test('a thousand accounts that are refused and late are one item each, and 5,000 old breaches one summary', async ({
  db: { database },
}) => {
  await addRefusedAccounts(database, 1000);
  const judge = judging(database, notifySettings(['account_stale', 'run_failing']));
  const first = await judge();
  expect(first).toHaveLength(1000);
  expect(first.filter(({ kind }) => kind === 'run_failing')).toHaveLength(1000);
  expect(await judge()).toEqual([]);
  await applyReportSettings(database, { timezone: 'UTC', statusTargets: { UNDER_MANUAL_REVIEW: 1 } });
  await database.$executeRaw`
    insert into cdd.cases (
      account_id, id, products, checks, actions_on_approval, currencies, status, status_since, first_seen_at, changed_at, fingerprint, opened_at, transitions
    )
    select ${manyId(1)}, gen_random_uuid(), '{}', '{}', '{}', '{}', 'UNDER_MANUAL_REVIEW', now() - number * interval '3 hours', now(), now(), decode(repeat('00', 32), 'hex'), now() - number * interval '3 hours', 1
    from generate_series(1, 5000) as number`;
  const cases = judging(database, notifySettings(['target_breached']));
  const [item, ...others] = await cases();
  expect(others).toEqual([]);
  expect(item).toMatchObject({ kind: 'target_breached', phase: 'began', items: 5000, newItems: 5000 });
  expect(item?.caseIds).toHaveLength(5);
  expect(await cases()).toEqual([]);
});

test('items that cannot be read are told, and once more when one without an id keeps cases from being marked missing', async ({
  db: { database },
}) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const judge = judging(database, notifySettings(['rejected_items']));
  const read = async (items: readonly unknown[], state: string) => {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
    expect((await rig.sync()).state).toBe(state);
  };
  const known = { id: '00000000-0000-4000-8000-000000000001', account_id: ACCOUNT, events: 'none' };
  await read([known], 'partial');
  expect(await judge()).toEqual([told('rejected_items', 'began', { items: 1, code: null })]);
  await read([known, { account_id: ACCOUNT, events: [] }], 'partial');
  expect(await judge()).toEqual([told('rejected_items', 'began', { items: 2, code: 'UNREADABLE_ITEM' })]);
  await read([known, { account_id: ACCOUNT, events: [] }], 'partial');
  expect(await judge()).toEqual([]);
  await read([], 'succeeded');
  expect(await judge()).toEqual([]);
  expect(await judge(15)).toEqual([told('rejected_items', 'over')]);
  await rig.close();
});

test('only one of two judgements at once judges', async ({ db: { database } }) => {
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  await setLate(database, ACCOUNT, true);
  const now = new Date();
  const both = await Promise.all([0, 1, 2, 3].map(() => judgeAt(database, notifySettings(), now)));
  const items = await takeItems(database);
  expect(items).toHaveLength(1);
  expect(both.filter((one) => one !== null && one.told > 0)).toHaveLength(1);
});

test('all kinds are judged without an account, and with one that was never read', async ({ db: { database } }) => {
  const judge = judging(database, notifySettings(NOTICE_KINDS));
  await database.$executeRaw`delete from cdd.notice_state`;
  expect(await judge()).toEqual([]);
  expect(await database.noticeState.count()).toBe(1);
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  expect(await judge()).toEqual([]);
});
