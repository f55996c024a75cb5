import type { Account } from '../../model/account.ts';
import type { DueTimes, Schedule } from '../../model/due-times.ts';
import type { Database } from '../postgres/pool.ts';

/** The rule of due times (schedule/staleness.ts). */
export type StalenessRule = {
  dueTimesAfter: (schedule: Schedule, lastSuccessAt: Date) => DueTimes;
  dueTimesAfterChange: (schedule: Schedule, dueTimes: DueTimes, now: Date) => DueTimes;
};

type ChangedAccount = DueTimes & { id: string; lastSuccessAt: Date | null; isFirstSchedule: boolean; now: Date };

/** Saves the schedules of accounts, and new due times where the schedule or the time zone has changed. */
export async function saveSchedules(
  database: Database,
  accounts: readonly Pick<Account, 'id' | 'schedule'>[],
  timezone: string,
  rule: StalenessRule,
): Promise<void> {
  const schedules = new Map(accounts.map(({ id, schedule }) => [id, schedule]));
  const [ids, expressions] = [[...schedules.keys()], [...schedules.values()]];
  await database.transact(async (tx) => {
    const changed = await tx.$queryRaw<ChangedAccount[]>`
      select
        account.id,
        account.last_success_at as "lastSuccessAt",
        account.next_due_at as "nextDueAt",
        account.stale_at as "staleAt",
        account.schedule is null as "isFirstSchedule",
        now() as now
      from cdd.accounts as account
      join unnest(${ids}::text[], ${expressions}::text[]) as configured_account (id, schedule) using (id)
      where (account.schedule, account.schedule_timezone) is distinct from (configured_account.schedule, ${timezone})
      order by account.id
      for no key update of account`;
    if (changed.length === 0) return;
    const renewed = changed.map((account) => {
      const schedule = schedules.get(account.id) ?? '';
      return { id: account.id, schedule, ...dueTimesOf(account, { schedule, timezone }, rule) };
    });
    await tx.$executeRaw`
      update cdd.accounts as account
      set
        schedule = renewed_account.schedule,
        schedule_timezone = ${timezone},
        next_due_at = renewed_account.next_due_at,
        stale_at = renewed_account.stale_at
      from unnest(
        ${renewed.map(({ id }) => id)}::text[],
        ${renewed.map(({ schedule }) => schedule)}::text[],
        ${renewed.map(({ nextDueAt }) => nextDueAt.toISOString())}::timestamptz[],
        ${renewed.map(({ staleAt }) => staleAt.toISOString())}::timestamptz[]
      ) as renewed_account (id, schedule, next_due_at, stale_at)
      where account.id = renewed_account.id`;
  });
}

/** An account that was never read stays due since it was added. */
function dueTimesOf(account: ChangedAccount, schedule: Schedule, rule: StalenessRule): DueTimes {
  if (account.lastSuccessAt === null) return account;
  // Upgraded from version 0.1.0, which did not save schedules: taken for unchanged.
  if (account.isFirstSchedule) return rule.dueTimesAfter(schedule, account.lastSuccessAt);
  return rule.dueTimesAfterChange(schedule, account, account.now);
}
