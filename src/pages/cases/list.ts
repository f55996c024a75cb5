import type { CaseKey } from '../../model/case-key.ts';
import { Prisma, type Transaction } from '../../store/postgres/pool.ts';
import { onlyRow } from '../../store/postgres/query.ts';
import { areKept, chosenCases, looksAtTargets } from './chosen.ts';
import type { CasesFilter } from './filter.ts';
import { isBeyond, orderBy, orderOf, valueText } from './order.ts';
import type { Place, Start } from './place.ts';
import { type CaseRow, readRows } from './rows.ts';

export type CaseList = {
  total: number;
  /** Cases past the target of their status; null = the list does not look at targets. */
  breached: number | null;
  /** Of the page's rows. */
  places: Place[];
  hasPrevious: boolean;
  hasNext: boolean;
};

const PAGE_SIZE = 50;

/** The totals of a list, and the places of one page. */
export async function readList(tx: Transaction, filter: CasesFilter, start: Start): Promise<CaseList> {
  await preferHashJoins(tx);
  const order = orderOf(filter);
  const isBackwards = start?.isBackwards ?? false;
  const totals = Prisma.sql`
    select
      count(*)::integer as total,
      ${looksAtTargets(filter) ? Prisma.sql`count(*) filter (where is_breached)` : Prisma.sql`null`}::integer as breached
    from ${areKept(filter) ? Prisma.sql`chosen` : Prisma.sql`(${chosenCases(filter, null)}) as counted`}`;
  // One row more than a page tells whether there is another. Numbered after the limit: a window over all rows would sort
  // all of them.
  const page = Prisma.sql`
    select
      row_number() over (order by ${orderBy(order, isBackwards)}) as number,
      rank,
      ${valueText(order)} as "valueText",
      account_id as "accountId",
      case_id::text as "caseId"
    from (
      select rank, value, account_id, case_id
      from chosen
      where ${start === null ? Prisma.sql`true` : isBeyond(order, start.place, isBackwards)}
      order by ${orderBy(order, isBackwards)}
      limit ${PAGE_SIZE + 1}
    ) as page_row`;
  const rows = await tx.$queryRaw<(Omit<Place, 'position'> & Totals)[]>`
    with chosen as ${Prisma.raw(areKept(filter) ? 'materialized' : 'not materialized')} (${chosenCases(filter, order)})
    select totals.total, totals.breached, page.rank, page."valueText" as value, page."accountId", page."caseId"
    from (${totals}) as totals
    left join (${page}) as page on true
    order by page.number`;
  return listOf(rows, start);
}

/** The number of cases that a filter chooses. */
export async function countCases(tx: Transaction, filter: CasesFilter): Promise<number> {
  await preferHashJoins(tx);
  const chosen = chosenCases(filter, null);
  return onlyRow(await tx.$queryRaw<{ cases: number }[]>`select count(*)::integer as cases from (${chosen}) as chosen`)
    .cases;
}

/** Postgres would sort a million cases by id for a merge join with targets or reviews: a second longer. */
async function preferHashJoins(tx: Transaction): Promise<void> {
  await tx.$executeRaw`set local enable_mergejoin = off`;
}

type Totals = Pick<CaseList, 'total' | 'breached'>;

/** The totals stand in every row, and in one row without a place if the page has none. */
function listOf(rows: readonly (Omit<Place, 'position'> & Totals)[], start: Start): CaseList {
  const { total = 0, breached = null } = rows[0] ?? {};
  const found = rows.filter(({ accountId }) => accountId !== null);
  const isBackwards = start?.isBackwards ?? false;
  const step = isBackwards ? -1 : 1;
  const first = (start?.place.position ?? 0) + step;
  const places = found.slice(0, PAGE_SIZE).map(({ rank, value, accountId, caseId }, index) => ({
    position: first + step * index,
    rank,
    value,
    accountId,
    caseId,
  }));
  const hasMore = found.length > PAGE_SIZE;
  return {
    total,
    breached,
    places: isBackwards ? places.reverse() : places,
    hasPrevious: isBackwards ? hasMore : start !== null,
    hasNext: isBackwards || hasMore,
  };
}

/** A list of any length takes the memory of so many rows. */
const BATCH_SIZE = 1000;

/** All rows of a list in its order, read as they are taken. */
export async function* readAllRows(tx: Transaction, filter: CasesFilter): AsyncGenerator<CaseRow[]> {
  await preferHashJoins(tx);
  // All rows are wanted, so Postgres must not plan for the first tenth, as it does for a cursor.
  await tx.$executeRaw`set local cursor_tuple_fraction = 1`;
  const order = orderOf(filter);
  await tx.$executeRaw`
    declare cases_of_list no scroll cursor for
    with chosen as (${chosenCases(filter, order)})
    select account_id as "accountId", case_id::text as "caseId"
    from chosen
    order by ${orderBy(order, false)}`;
  for (;;) {
    const keys = await tx.$queryRaw<CaseKey[]>(Prisma.sql`fetch ${Prisma.raw(`${BATCH_SIZE}`)} from cases_of_list`);
    if (keys.length > 0) yield await readRows(tx, keys);
    if (keys.length < BATCH_SIZE) return;
  }
}
