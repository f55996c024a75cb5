import { expect } from 'vitest';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { holdCase } from '../../src/store/ledger/hold/holds.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { test } from '../support/database.ts';
import { judgeAt, judging, notifySettings, takeItems, told } from '../support/notices.ts';
import { ACCOUNT, createRig, type Rig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONE = { timezone: 'Europe/Oslo' };
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

test('cases whose time was over more than a day ago are told until they are erased or held', async ({
  db: { database },
}) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  await applyReportSettings(database, { ...ZONE, statusTargets: {}, retention: { cases: { years: 1, rules: [] } } });
  const year = 24 * 366;
  await readCases(rig, [
    { number: 1, statuses: [['DECLINED', year + 48]] },
    { number: 2, statuses: [['DECLINED', year - 100]] },
    { number: 3, statuses: [['ACTIVE', 3 * year]] },
    { number: 4, statuses: [['DECLINED', year + 72]] },
  ]);
  const judge = judging(database, notifySettings(['erasure_due']));
  expect(await judge()).toEqual([told('erasure_due', 'began', { items: 2, caseIds: [caseId(4), caseId(1)] })]);
  await holdCase(database, { accountId: ACCOUNT, caseId: caseId(4), reason: 'request', by: null });
  await database.$executeRaw`update cdd.cases set erased_at = now() where id = ${caseId(1)}::uuid`;
  expect(await judge()).toEqual([]);
  expect(await judge(15)).toEqual([told('erasure_due', 'over')]);
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
