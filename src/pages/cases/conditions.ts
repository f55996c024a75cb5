import { isUuid } from '../../model/uuid.ts';
import { Prisma } from '../../store/postgres/pool.ts';
import { type CasesFilter, type State, shownState } from './filter.ts';

// The filters as conditions on reporting.cases, there called case_row. Days are those of the session's zone, which is the
// configured one (viewer.ts).

/**
 * Since when an open case counts as waiting, as in reporting.open_case_aging: a placeholder for a time is passed over.
 */
export const WAITING_SINCE = Prisma.sql`case
  when case_row.status_since >= timestamptz '2000-01-01 00:00:00Z' then case_row.status_since
  when case_row.opened_at between timestamptz '2000-01-01 00:00:00Z' and now() then case_row.opened_at
  else case_row.first_seen_at
end`;

const STATE: Record<State, Prisma.Sql | null> = {
  open: Prisma.sql`case_row.is_open`,
  not_gone: Prisma.sql`coalesce(case_row.gone_at > now(), true)`,
  gone: Prisma.sql`case_row.gone_at <= now()`,
  all: null,
};

/**
 * The daily and monthly reports leave out cases with a time before 2000, or more than a day ahead. A status that lies in
 * the future is not in reporting.cases yet, but among the transitions.
 */
export const HAS_PLAUSIBLE_TIMES = Prisma.sql`(
  coalesce(
    least(case_row.opened_at, case_row.created_at, case_row.deleted_at) >= timestamptz '2000-01-01 00:00:00Z'
      and greatest(case_row.opened_at, case_row.created_at, case_row.deleted_at) <= now() + interval '24 hours',
    true
  )
  and case_row.case_key not in (
    select case_key from reporting.status_transitions where occurred_at > now() + interval '24 hours'
  )
)`;

/** The condition of a case of the list. */
export function conditionsOf(filter: CasesFilter): Prisma.Sql {
  const { environment, status, route, country, product, q, ids } = filter;
  const conditions = [
    filter.account.length > 0 && Prisma.sql`case_row.account_id = any (${filter.account})`,
    filter.account.length === 0 && filter.copies === null && Prisma.sql`case_row.is_primary`,
    STATE[shownState(filter)],
    environment !== null && Prisma.sql`case_row.environment = ${environment}`,
    filter.stage.length > 0 && Prisma.sql`coalesce(case_row.stage, 'none') = any (${filter.stage})`,
    status.length > 0 && Prisma.sql`case_row.status = any (${status})`,
    route !== null && Prisma.sql`case_row.decision_route = ${route}`,
    // Once for all cases: for each of them, the view would count the cases of every organization again.
    filter.declined_before !== null &&
      Prisma.sql`case_row.case_key in (select case_key from reporting.linked_cases where declined_before)`,
    corrected(filter),
    country !== null && Prisma.sql`upper(case_row.country_code) = upper(${country})`,
    product !== null && Prisma.sql`${product} = any (case_row.products)`,
    filter.package !== null && Prisma.sql`case_row.package = ${filter.package}`,
    ids.length > 0 && Prisma.sql`case_row.case_id = any (${ids}::uuid[])`,
    filter.in_backlog !== null && Prisma.sql`case_row.status is not null and ${HAS_PLAUSIBLE_TIMES}`,
    q !== null && searched(q),
    ...waited(filter),
    ...opened(filter),
    decided(filter),
  ].filter((condition) => condition !== null && condition !== false);
  return conditions.length === 0 ? Prisma.sql`true` : Prisma.join(conditions, ' and ');
}

/** Whether a time lies on the days from one to another, both included; null = no limit. */
function isOnDays(time: Prisma.Sql, from: string | null, to: string | null): Prisma.Sql {
  // A time in the future has not happened yet.
  const limits = [
    Prisma.sql`${time} <= now()`,
    ...(from === null ? [] : [Prisma.sql`${time} >= ${from}::date::timestamptz`]),
    ...(to === null ? [] : [Prisma.sql`${time} < (${to}::date + 1)::timestamptz`]),
  ];
  return Prisma.sql`(${Prisma.join(limits, ' and ')})`;
}

function opened({ opened_from, opened_to }: CasesFilter): Prisma.Sql[] {
  if (opened_from === null && opened_to === null) return [];
  return [isOnDays(Prisma.sql`case_row.opened_at`, opened_from, opened_to), HAS_PLAUSIBLE_TIMES];
}

function waited({ waiting_from_hours: from, waiting_to_hours: to }: CasesFilter): Prisma.Sql[] {
  return [
    ...(from === null ? [] : [Prisma.sql`now() - (${WAITING_SINCE}) >= make_interval(hours => ${from}::integer)`]),
    ...(to === null ? [] : [Prisma.sql`now() - (${WAITING_SINCE}) < make_interval(hours => ${to}::integer)`]),
  ];
}

/** A change of status that had been recorded was taken back, or another one put in its place, on the days. */
function corrected({ corrected_from, corrected_to }: CasesFilter): Prisma.Sql | null {
  if (corrected_from === null && corrected_to === null) return null;
  return Prisma.sql`(case_row.account_id, case_row.case_id) in (
    select account_id, case_id
    from reporting.status_history
    where ${isOnDays(Prisma.sql`superseded_at`, corrected_from, corrected_to)}
  )`;
}

/** The first decision, the first approval, or the first that declined, on the days. */
function decided({ decision, decided_from, decided_to }: CasesFilter): Prisma.Sql | null {
  const hasDays = decided_from !== null || decided_to !== null;
  if (decision === null && !hasDays) return null;
  const isInTime = (time: Prisma.Sql) =>
    hasDays
      ? Prisma.sql`${isOnDays(time, decided_from, decided_to)} and ${HAS_PLAUSIBLE_TIMES}`
      : Prisma.sql`${time} <= now()`;
  if (decision === null) return isInTime(Prisma.sql`case_row.first_decided_at`);
  if (decision === 'approved') return isInTime(Prisma.sql`case_row.first_approved_at`);
  // A case that was approved first has its first refusal among the later decisions, of which there are few.
  return Prisma.sql`case
    when case_row.first_decision = 'declined' then ${isInTime(Prisma.sql`case_row.first_decided_at`)}
    else (case_row.account_id, case_row.case_id) in (
      select later.account_id, later.case_id
      from reporting.decisions as later
      where later.number > 1 and later.decision = 'declined'
      group by later.account_id, later.case_id
      having ${hasDays ? isOnDays(Prisma.sql`min(later.decided_at)`, decided_from, decided_to) : Prisma.sql`true`}
    )${hasDays ? Prisma.sql` and ${HAS_PLAUSIBLE_TIMES}` : Prisma.empty}
  end`;
}

/**
 * Looks for a text in a case's names and numbers. The view shows no name and no organization number to a reader without
 * names, so that such a reader cannot find a case by them either.
 */
function searched(q: string): Prisma.Sql {
  if (isUuid(q)) return Prisma.sql`case_row.case_id = ${q}::uuid`;
  const isIn = (column: Prisma.Sql, text: string) => Prisma.sql`strpos(lower(${column}), lower(${text})) > 0`;
  return Prisma.sql`(${Prisma.join(
    [
      isIn(Prisma.sql`case_row.payout_destination_name`, q),
      // 999 888 777, as people write it.
      isIn(Prisma.sql`case_row.organization_number`, /^[\d ]+$/.test(q) ? q.replaceAll(' ', '') : q),
      isIn(Prisma.sql`case_row.reference_id`, q),
      isIn(Prisma.sql`case_row.payout_reference`, q),
      ...(/^[0-9a-f-]{4,}$/i.test(q) ? [Prisma.sql`starts_with(case_row.case_id::text, lower(${q}))`] : []),
    ],
    ' or ',
  )})`;
}
