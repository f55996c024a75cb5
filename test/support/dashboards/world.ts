// The database that the dashboards are asked about.
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { holdCase } from '../../../src/store/ledger/hold/holds.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { ACCOUNT, createRig, type Rig } from '../rig.ts';
import { sandboxAccount } from '../sandbox-account.ts';

export const OTHER = 'T12345678';
export const PARTNER = 'P11200000';
/** Its cases are in the partner's list as well. */
export const MERCHANT = 'P11200001';
export const HOUR = 3_600_000;
const ZONE = 'Europe/Oslo';

/**
 * Cases of the last months under four accounts, and runs of every kind. The partner's list also has the cases of its
 * merchant, two cases have one organization number, and one was decided again, one is under legal hold, and one is due to be erased. In the end, only two accounts are enabled.
 */
export async function fillForDashboards(database: Database): Promise<void> {
  const start = new Date(Date.now() - 90 * 24 * HOUR).toISOString();
  const rig = await createRig(database, { sandbox: { start, casesPerAccount: 60 } });
  const account = sandboxAccount(ACCOUNT, { label: "Acme d'Oslo" });
  const list = { endpoint: 'list', account: ACCOUNT } as const;
  try {
    await rig.sync({ account });
    rig.sandbox.world.advance({ hours: 85 * 24 });
    linkCases(rig);
    await rig.sync({ account });
    for (const id of [OTHER, PARTNER, MERCHANT]) await rig.sync({ account: sandboxAccount(id) });
    rig.sandbox.world.advance({ hours: 4 * 24 });
    rig.sandbox.faults.add({ ...list, fault: { kind: 'status', status: 403 } });
    await rig.sync({ account });
    rig.sandbox.faults.add({ ...list, fault: { kind: 'items', change: 'conflictingEvent' } });
    await rig.sync({ account });
  } finally {
    await rig.close();
  }
  await saveAccounts(database, [account, sandboxAccount(OTHER)]);
  await applyReportSettings(database, {
    timezone: ZONE,
    statusTargets: { WAITING_FOR_DETAILS: 24, AUTOMATIC_REVIEW: 0.1, UNDER_MANUAL_REVIEW: 12 },
    reports: { reviews: { everyMonths: 12, dueSoonDays: 60, rules: [] } },
    retention: { cases: { years: 5, rules: [] } },
  });
  await endCases(database);
}

/** Holds a case that ended, and lets another be due: declined six years ago, which no world of ninety days has. */
async function endCases(database: Database): Promise<void> {
  const ended = await database.$queryRaw<{ caseId: string }[]>`
    select case_id::text as "caseId"
    from reporting.retention
    where account_id = ${ACCOUNT} and state = 'kept'
    order by case_id
    limit 2`;
  const [held, due] = ended.map(({ caseId }) => caseId);
  if (held === undefined || due === undefined) throw new Error('the world has no two cases that ended');
  await holdCase(database, { accountId: ACCOUNT, caseId: held, reason: 'a lawsuit', by: null });
  await database.$executeRaw`
    update cdd.cases set status_since = now() - interval '6 years', deleted_at = null, missing_since = null
    where account_id = ${ACCOUNT} and id = ${due}::uuid`;
}

/** Gives two cases one organization number, and decides a case again and again. */
function linkCases({ sandbox: { world } }: Rig): void {
  const [first = '', second = '', third = ''] = world.caseIds(ACCOUNT);
  const target = (id: string) => ({ account: ACCOUNT, case: id });
  for (const id of [first, second]) {
    world.edit(target(id), (document) => {
      document.case_request = { ...Object(document.case_request), organizationNumber: '999999999' };
    });
  }
  for (const case_status of ['ACTIVE', 'UNDER_MANUAL_REVIEW', 'DECLINED', 'ACTIVE'])
    world.appendEvent(target(third), { case_status });
}
