import { describe, expect } from 'vitest';
import type { NotifySettings } from '../../src/config/notify.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../src/model/notice.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { manyId } from '../support/many-accounts.ts';
import { addRefusedAccounts, judgeAt, notifySettings, takeItems } from '../support/notices.ts';
import { ACCOUNT, createRig, type Rig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONE = { timezone: 'Europe/Oslo' };

/** Judges at steps of a clock that begins now, and gives what each step told. */
function judging(database: Database, settings: NotifySettings) {
  let now = Date.now();
  return async (minutes = 1) => {
    now += minutes * MINUTE;
    await judgeAt(database, settings, new Date(now));
    return takeItems(database);
  };
}

const told = (kind: NoticeKind, phase: string, changes = {}) => expect.objectContaining({ kind, phase, ...changes });

async function setLate(database: Database, id: string, isLate: boolean): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set stale_at = now() + ${isLate ? -60 : 600} * interval '1 minute', next_due_at = now() + ${isLate ? -120 : 60} * interval '1 minute'
    where id = ${id}`;
}

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
  await applyReportSettings(database, { ...ZONE, statusTargets: { UNDER_MANUAL_REVIEW: 1 } });
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

const PENDING = 'UNDER_MANUAL_REVIEW';

type History = { number: number; statuses: readonly [status: string, hoursAgo: number][] };

const caseId = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Serves these cases and reads them. */
async function readCases(rig: Rig, cases: readonly History[]): Promise<void> {
  const list = cases.map(({ number, statuses }) => ({
    id: caseId(number),
    account_id: ACCOUNT,
    events: statuses.map(([status, hoursAgo], index) => ({
      id: index + 1,
      event: 'case_updated',
      case_status: status,
      created_at: new Date(Date.now() - hoursAgo * 60 * MINUTE).toISOString(),
    })),
  }));
  rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
  const { state } = await rig.sync();
  expect(state).toBe('succeeded');
}

test('cases past their target are counted; what is new is told a day later, and an empty list is over', async ({
  db: { database },
}) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  await applyReportSettings(database, { ...ZONE, statusTargets: { [PENDING]: 48 } });
  const judge = judging(database, notifySettings(['target_breached', 'review_due']));
  await readCases(
    rig,
    [1, 2, 3].map((number) => ({ number, statuses: [[PENDING, number * 40]] })),
  );
  expect(await judge()).toEqual([
    told('target_breached', 'began', { items: 2, newItems: 2, caseIds: [caseId(3), caseId(2)] }),
  ]);
  await readCases(
    rig,
    [1, 2, 3, 4].map((number) => ({ number, statuses: [[PENDING, number * 60]] })),
  );
  expect(await judge()).toEqual([]);
  expect(await judge(DAY / MINUTE)).toEqual([told('target_breached', 'more', { items: 4, newItems: 2 })]);
  await readCases(
    rig,
    [1, 2, 3, 4].map((number) => ({
      number,
      statuses: [
        [PENDING, 100],
        ['ACTIVE', 1],
      ],
    })),
  );
  expect(await judge()).toEqual([]);
  expect(await judge(20)).toEqual([told('target_breached', 'over')]);
  await rig.close();
});

test('a review is told when it is due soon, and its passing the day as something new', async ({ db: { database } }) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const reviews = (everyMonths: number) =>
    applyReportSettings(database, {
      ...ZONE,
      statusTargets: {},
      reports: { reviews: { everyMonths, dueSoonDays: 60, rules: [] } },
    });
  await reviews(13);
  await readCases(rig, [
    { number: 1, statuses: [['ACTIVE', 24 * 360]] },
    { number: 2, statuses: [['ACTIVE', 24]] },
  ]);
  const judge = judging(database, notifySettings(['review_due']));
  expect(await judge()).toEqual([told('review_due', 'began', { items: 1, caseIds: [caseId(1)] })]);
  await reviews(11);
  expect(await judge(DAY / MINUTE)).toEqual([told('review_due', 'more', { items: 1, newItems: 1 })]);
  await rig.close();
});

test('an approval that is lost is told once; what a first reading brings is history', async ({ db: { database } }) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const lost: History = {
    number: 9,
    statuses: [
      ['ACTIVE', 900],
      ['DECLINED', 800],
    ],
  };
  const before: History[] = [
    lost,
    { number: 1, statuses: [['ACTIVE', 900]] },
    { number: 2, statuses: [['ACTIVE', 900]] },
    { number: 3, statuses: [['DECLINED', 900]] },
    { number: 4, statuses: [['ACTIVE', 900]] },
  ];
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  const judge = judging(database, notifySettings(['approval_lost']));
  expect(await judge()).toEqual([]);
  await readCases(rig, before);
  expect(await judge()).toEqual([]);
  const after: History[] = [
    lost,
    {
      number: 1,
      statuses: [
        ['ACTIVE', 900],
        [PENDING, 5],
      ],
    },
    {
      number: 2,
      statuses: [
        ['ACTIVE', 900],
        ['DECLINED', 4],
      ],
    },
    {
      number: 3,
      statuses: [
        ['DECLINED', 900],
        [PENDING, 3],
        ['ACTIVE', 2],
      ],
    },
    { number: 4, statuses: [['ACTIVE', 900]] },
  ];
  await readCases(rig, after);
  expect(await judge()).toEqual([
    told('approval_lost', 'began', { items: 3, caseIds: [caseId(1), caseId(2), caseId(3)] }),
  ]);
  expect(await judge()).toEqual([]);
  // The corrected time of an earlier event stores its transition again: no news.
  await readCases(
    rig,
    after.map((one) => ({ ...one, statuses: one.statuses.map(([status, hours]) => [status, hours + 1]) })),
  );
  expect(await judge(120)).toEqual([]);
  await readCases(rig, [
    ...after.slice(0, 4),
    {
      number: 4,
      statuses: [
        ['ACTIVE', 900],
        ['TERMINATED', 1],
      ],
    },
  ]);
  expect(await judge(120)).toEqual([told('approval_lost', 'began', { items: 1, caseIds: [caseId(4)] })]);
  await rig.close();
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
  const known = { id: caseId(1), account_id: ACCOUNT, events: 'none' };
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

test('a clock that was ahead for a while repeats no case, and hides none that comes after it was set back', async ({
  db: { database },
}) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  await applyReportSettings(database, { ...ZONE, statusTargets: { [PENDING]: 48 } });
  const settings = notifySettings(['target_breached', 'approval_lost']);
  const judgeOn = async (day: number) => {
    await judgeAt(database, settings, new Date(Date.now() + day * DAY));
    return takeItems(database);
  };
  const late: History = { number: 1, statuses: [[PENDING, 100]] };
  const approved: History = { number: 2, statuses: [['ACTIVE', 900]] };
  const lost: History = { number: 3, statuses: [['ACTIVE', 900]] };
  await judgeOn(0);
  await readCases(rig, [late, approved, lost]);
  expect(await judgeOn(0.01)).toEqual([told('target_breached', 'began')]);
  const declined: History = { number: 3, statuses: [...lost.statuses, ['DECLINED', 5]] };
  await readCases(rig, [late, approved, declined]);
  expect(await judgeOn(400)).toEqual([told('approval_lost', 'began'), told('target_breached', 'still')]);
  await database.$executeRaw`update cdd.notice_state set approvals_until = now() + interval '400 days'`;
  for (const day of [0.02, 0.1, 0.2, 1.5]) expect(await judgeOn(day)).toEqual([]);
  await readCases(rig, [late, { number: 2, statuses: [...approved.statuses, ['DECLINED', 4]] }, declined]);
  await database.$executeRaw`update cdd.notice_state set approvals_until = now() + interval '400 days'`;
  expect(await judgeOn(1.6)).toEqual([told('approval_lost', 'began', { caseIds: [caseId(2)] })]);
  expect(await judgeOn(1.7)).toEqual([]);
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
