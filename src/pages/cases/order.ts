import { Prisma } from '../../store/postgres/pool.ts';
import { WAITING_SINCE } from './conditions.ts';
import { asksForReviews, type CasesFilter, SORTS, type Sort, shownState } from './filter.ts';
import type { Place } from './place.ts';

/** How a list is ordered: by rank, then by value, cases without one last, then by account and id. */
export type Order = {
  rank: Prisma.Sql;
  value: Prisma.Sql;
  kind: 'time' | 'text';
  isDescending: boolean;
};

/** Long texts are ordered by their beginning, since a place in the list is part of an address. */
const beginning = (column: Prisma.Sql) => Prisma.sql`left(${column}, 60)`;

const VALUES: Record<Sort, Pick<Order, 'value' | 'kind'>> = {
  name: { value: beginning(Prisma.sql`case_row.payout_destination_name`), kind: 'text' },
  account: { value: Prisma.sql`case_row.account_id`, kind: 'text' },
  status: { value: beginning(Prisma.sql`case_row.status`), kind: 'text' },
  since: { value: Prisma.sql`case_row.status_since`, kind: 'time' },
  due: { value: Prisma.sql`target.due_at`, kind: 'time' },
  review: { value: Prisma.sql`review.due_at`, kind: 'time' },
  opened: { value: Prisma.sql`case_row.opened_at`, kind: 'time' },
  decided: { value: Prisma.sql`case_row.first_decided_at`, kind: 'time' },
  country: { value: beginning(Prisma.sql`case_row.country_code`), kind: 'text' },
  kept: { value: Prisma.sql`retention.keep_until`, kind: 'time' },
};

const NO_RANK = Prisma.sql`0`;

/** The order in an address, without its direction; null = none, so the list chooses. */
export function sortOf({ sort }: CasesFilter): Sort | null {
  return SORTS.find((name) => sort === name || sort === `-${name}`) ?? null;
}

/** Without an order: open cases by urgency, reviews by their due day, a state of retention by the end of its time, other lists by the latest change of status. */
export function orderOf(filter: CasesFilter): Order {
  const sort = sortOf(filter);
  if (sort !== null) return { ...VALUES[sort], rank: NO_RANK, isDescending: filter.sort !== sort };
  if (asksForReviews(filter)) return { ...VALUES.review, rank: NO_RANK, isDescending: false };
  if (filter.retention !== null) return { ...VALUES.kept, rank: NO_RANK, isDescending: false };
  if (shownState(filter) !== 'open') return { ...VALUES.since, rank: NO_RANK, isDescending: true };
  return {
    rank: Prisma.sql`case target.state when 'breached' then 0 when 'due_soon' then 1 else 2 end`,
    value: Prisma.sql`coalesce(
      case when target.state in ('breached', 'due_soon') then target.due_at end,
      ${WAITING_SINCE}
    )`,
    kind: 'time',
    isDescending: false,
  };
}

/** The order as `chosen` has it, for `order by`; backwards for the page before. */
export function orderBy({ isDescending }: Order, isBackwards: boolean): Prisma.Sql {
  const [first, last] = isBackwards ? [DESCENDING, ASCENDING] : [ASCENDING, DESCENDING];
  const value = isDescending ? last : first;
  return Prisma.sql`rank ${first}, value is null ${first}, value ${value},
    account_id ${first}, case_id ${first}`;
}

const ASCENDING = Prisma.sql`asc`;
const DESCENDING = Prisma.sql`desc`;

/** Whether a row of `chosen` comes after a place, or before it. */
export function isBeyond({ isDescending, kind }: Order, place: Place, isBackwards: boolean): Prisma.Sql {
  const beyond = isBackwards ? Prisma.sql`<` : Prisma.sql`>`;
  const valueBeyond = isBackwards === isDescending ? Prisma.sql`>` : Prisma.sql`<`;
  const keyBeyond = Prisma.sql`(account_id, case_id) ${beyond} (${place.accountId}, ${place.caseId}::uuid)`;
  const value = kind === 'time' ? fromMicros(place.value) : Prisma.sql`${place.value}::text`;
  const isInRank =
    place.value === null
      ? Prisma.sql`value is null and ${keyBeyond}${isBackwards ? Prisma.sql` or value is not null` : Prisma.empty}`
      : Prisma.sql`value ${valueBeyond} ${value} or (value = ${value} and ${keyBeyond})${isBackwards ? Prisma.empty : Prisma.sql` or value is null`}`;
  return Prisma.sql`(rank ${beyond} ${place.rank} or (rank = ${place.rank} and (${isInRank})))`;
}

/** A row's value as text, for its place: times in microseconds since 1970, which a Date would cut to milliseconds. */
export function valueText({ kind }: Order): Prisma.Sql {
  return kind === 'time' ? Prisma.sql`(extract(epoch from value) * 1000000)::bigint::text` : Prisma.sql`value`;
}

function fromMicros(micros: string | null): Prisma.Sql {
  return Prisma.sql`(timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond')`;
}
