import { Prisma } from '../../store/postgres/pool.ts';
import { conditionsOf } from './conditions.ts';
import { asksForReviews, type CasesFilter, type Sort, shownState } from './filter.ts';
import { type Order, sortOf } from './order.ts';

/** Whether the list says how many of its cases are past the target of their status. */
export function looksAtTargets(filter: CasesFilter): boolean {
  return shownState(filter) === 'open' || filter.target !== null;
}

/**
 * Whether the chosen cases are kept for the count and the page. Without a filter that leaves few, they are read twice
 * instead: keeping a million rows takes longer.
 */
export function areKept(filter: CasesFilter): boolean {
  const { account, environment, state, copies, sort, ...narrowing } = filter;
  return (
    shownState(filter) === 'open' ||
    Object.values(narrowing).some((value) => (Array.isArray(value) ? value.length > 0 : value !== null))
  );
}

/**
 * The cases of a list, with their places in its order unless it is null. Other views are joined only where the filter
 * or the order needs them: each takes as long as reporting.cases itself.
 */
export function chosenCases(filter: CasesFilter, order: Order | null): Prisma.Sql {
  return Prisma.sql`
    select
      case_row.account_id,
      case_row.case_id,
      ${order === null ? Prisma.sql`null` : order.rank} as rank,
      ${order === null ? Prisma.sql`null` : order.value} as value,
      ${looksAtTargets(filter) ? Prisma.sql`target.state is not distinct from 'breached'` : Prisma.sql`false`} as is_breached
    from reporting.cases as case_row
    ${targets(filter, order === null ? null : sortOf(filter))}
    ${reviews(filter, order === null ? null : sortOf(filter))}
    ${retention(filter, order === null ? null : sortOf(filter))}
    where ${conditionsOf(filter)}`;
}

/** The targets of present stays. Postgres looks at present stays only if it is asked for those without an end. */
function targets(filter: CasesFilter, sort: Sort | null): Prisma.Sql {
  const isOrder = sort === 'due';
  if (!looksAtTargets(filter) && !isOrder) return Prisma.empty;
  const states = filter.target === null ? ['breached', 'due_soon'] : [filter.target];
  const hasState = filter.target === null && isOrder ? Prisma.sql`true` : Prisma.sql`state = any (${states})`;
  return Prisma.sql`${filter.target === null ? LEFT_JOIN : JOIN} (
      select account_id, case_id, entered_at, state, due_at
      from reporting.status_targets
      where left_at is null and ${hasState} and ${ofAccounts(filter)}
    ) as target
      on target.account_id = case_row.account_id
      and target.case_id = case_row.case_id
      and target.entered_at = case_row.status_since`;
}

function reviews(filter: CasesFilter, sort: Sort | null): Prisma.Sql {
  const { review, review_from, review_by } = filter;
  const isFilter = asksForReviews(filter);
  if (!isFilter && sort !== 'review') return Prisma.empty;
  return Prisma.sql`${isFilter ? JOIN : LEFT_JOIN} (
      select account_id, case_id, due_at
      from reporting.periodic_reviews
      where ${ofAccounts(filter)}
        and ${review === null ? Prisma.sql`true` : Prisma.sql`state = ${review}`}
        and ${review_from === null ? Prisma.sql`true` : Prisma.sql`due_at >= ${review_from}::date::timestamptz`}
        and ${review_by === null ? Prisma.sql`true` : Prisma.sql`due_at < (${review_by}::date + 1)::timestamptz`}
    ) as review
      on review.account_id = case_row.account_id
      and review.case_id = case_row.case_id`;
}

function retention({ retention: state, ...filter }: CasesFilter, sort: Sort | null): Prisma.Sql {
  if (state === null && sort !== 'kept') return Prisma.empty;
  return Prisma.sql`${state === null ? LEFT_JOIN : JOIN} (
      select account_id, case_id, keep_until
      from reporting.retention
      where ${ofAccounts(filter)} and ${state === null ? Prisma.sql`true` : Prisma.sql`state = ${state}`}
    ) as retention
      on retention.account_id = case_row.account_id
      and retention.case_id = case_row.case_id`;
}

const JOIN = Prisma.sql`join`;
const LEFT_JOIN = Prisma.sql`left join`;

function ofAccounts({ account }: Pick<CasesFilter, 'account'>): Prisma.Sql {
  return account.length === 0 ? Prisma.sql`true` : Prisma.sql`account_id = any (${account})`;
}
