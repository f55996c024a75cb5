import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { accountsInScope } from '../overview/scope.ts';
import { ALL, type Asked, type Figures, type Times } from './figures.ts';
import { isReported, present } from './reported-states.ts';

type TimesByKnowledge = { timesNow: Figures['times']; timesThen: Figures['times'] };

/**
 * The cases and rules of decision_times_as_known, which has percentiles by account and route only: as known now, and at
 * an instant if it is not null.
 */
export async function readTimes(
  tx: Transaction,
  { scope, month }: Asked,
  instant: string | null,
): Promise<TimesByKnowledge> {
  const isLater = instant === null ? Prisma.sql`false` : Prisma.sql`superseded_at > ${instant}::timestamptz`;
  const knowledges = (instant === null ? [null] : [null, instant]).map(
    (known) => Prisma.sql`(${known !== null}::boolean, ${isReported(known)} and first_decided_at <= ${present(known)})`,
  );
  const rows = await tx.$queryRaw<({ is_then: boolean; account_id: string | null } & Times)[]>`
    select
      is_then,
      account_id,
      count(*)::integer as decided,
      percentile_cont(0.5) within group (order by hours) as p50,
      percentile_cont(0.9) within group (order by hours) as p90
    from (
      select
        knowledge.is_then,
        account_id,
        extract(epoch from first_decided_at - opened_at)::float8 / 3600 as hours
      from reporting.case_states
      cross join lateral (values ${Prisma.join(knowledges)}) as knowledge (is_then, is_counted)
      where knowledge.is_counted
        and (superseded_at is null or ${isLater})
        and first_decided_at >= ${month.first}::date::timestamptz
        and first_decided_at < ${month.next}::date::timestamptz
        and ${accountsInScope(scope)}
    ) as decision
    group by grouping sets ((is_then), (is_then, account_id))`;
  const timesOf = (isThen: boolean) =>
    new Map(rows.filter(({ is_then }) => is_then === isThen).map((row) => [row.account_id ?? ALL, timesOfRow(row)]));
  return { timesNow: timesOf(false), timesThen: timesOf(true) };
}

function timesOfRow({ decided, p50, p90 }: Times): Times {
  return { decided, p50, p90 };
}
