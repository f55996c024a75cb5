import type { HashedCase, RejectedItem } from '../../sync/batcher.ts';
import { type Database, Prisma, type Transaction } from '../postgres/pool.ts';
import type { RunContext } from './sql/batch-input.ts';

/** Saves items that could not be read. `times_seen` of a known item grows by one in each run. */
export async function saveRejected(tx: Transaction, items: RejectedItem[], run: RunContext): Promise<void> {
  if (items.length === 0) return;
  const { accountId, runId, personalData } = run;
  await tx.$executeRaw`
    insert into cdd.rejected_items as existing_item (
      account_id, fingerprint, case_id, path, reason, body, first_seen_at, last_seen_at
    )
    -- A statement cannot update a row twice; and unsorted rows could deadlock with another batch.
    select distinct on (fingerprint)
      ${accountId},
      fingerprint,
      case_id,
      path,
      reason,
      case when not ${namesErasedCase(accountId)} then body end,
      now(),
      now()
    from unnest(
      ${items.map(({ fingerprint }) => fingerprint)}::bytea[],
      ${items.map(({ rejection }) => rejection.caseId)}::uuid[],
      ${items.map(({ rejection }) => rejection.path)}::text[],
      ${items.map(({ rejection }) => rejection.reason)}::text[],
      ${items.map(({ body }) => (personalData === 'keep' ? body : null))}::text[]
    ) as item (fingerprint, case_id, path, reason, body)
    order by fingerprint
    on conflict (account_id, fingerprint) do update
    set
      -- A list that is read again after a broken connection belongs to the same run and counts once.
      times_seen = existing_item.times_seen + case
        when existing_item.last_seen_at > now() or existing_item.last_seen_at < (
          select started_at
          from cdd.sync_runs
          where account_id = ${accountId} and id = ${runId}::uuid
        ) then 1
        else 0
      end,
      -- The clock may have been ahead when the item was seen first.
      last_seen_at = greatest(existing_item.first_seen_at, now()),
      resolved_at = null`;
}

/**
 * A condition on a row of `item`: it is an item of an erased case, or its text has the id of one. An account without
 * erased cases costs one look-up.
 */
function namesErasedCase(accountId: string): Prisma.Sql {
  return Prisma.sql`(
        exists (select from cdd.cases where account_id = ${accountId} and erased_at is not null)
        and exists (
          select
          from (
            select item.case_id as id
            union all
            select named.uuid[1]::uuid
            from regexp_matches(item.body, ${UUID}, 'gi') as named (uuid)
          ) as named_case
          join cdd.cases as erased_case
            on erased_case.account_id = ${accountId}
            and erased_case.id = named_case.id
            and erased_case.erased_at is not null
        )
      )`;
}

/** With or without hyphens. */
const UUID = '[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}';

/** Resolves the rejected items of these cases, because they can be read now. */
export function resolveItemsOfReadCases(tx: Transaction, accountId: string, cases: HashedCase[]): Promise<void> {
  return resolveItems(tx, accountId, Prisma.sql`case_id = any(${cases.map(({ id }) => id)}::uuid[])`);
}

/** Resolves all items that are no longer in the list. Only correct after a complete, unfiltered list. */
export function resolveUnlistedItems(tx: Transaction, accountId: string, stillThere: Buffer[]): Promise<void> {
  return resolveItems(tx, accountId, Prisma.sql`fingerprint <> all(${stillThere}::bytea[])`);
}

async function resolveItems(tx: Transaction, accountId: string, condition: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`
    update cdd.rejected_items
    set resolved_at = greatest(now(), last_seen_at)
    where account_id = ${accountId} and resolved_at is null and ${condition}`;
}

export type ListedItem = {
  account_id: string;
  /** Of its bytes, in hexadecimal digits: tells apart items without an id. */
  fingerprint: string;
  case_id: string | null;
  path: string;
  reason: string;
  first_seen_at: Date;
  last_seen_at: Date;
  times_seen: number;
  /** Whether the item itself is stored: not with personalData: drop. */
  has_body: boolean;
};

const columns = Prisma.sql`
  account_id, encode(fingerprint, 'hex') as fingerprint, case_id, path, reason, first_seen_at, last_seen_at, times_seen,
  body is not null as has_body`;

/** At most `limit` items of this case or with a fingerprint that begins like this, as they stood in their lists. */
export function findRejected(
  database: Database,
  name: string,
  limit: number,
): Promise<(ListedItem & { body: string | null })[]> {
  return database.$queryRaw`
    select ${columns}, body
    from cdd.rejected_items
    where resolved_at is null
      and (case_id::text = ${name} or starts_with(encode(rejected_items.fingerprint, 'hex'), ${name}))
    order by account_id, rejected_items.fingerprint
    limit ${limit}`;
}

/** How many items are still in their lists. */
export async function countRejected(database: Database): Promise<number> {
  return database.rejectedItem.count({ where: { resolvedAt: null } });
}

/** The place of an item in the order: `last_seen_at` as text, because a Date has no microseconds. */
type ItemKey = { last_seen: string; account_id: string; fingerprint: string };
const PAGE = 10_000;

/** The items that are still in their lists, newest first, under the column names of the table; read page by page. */
export async function* listRejected(database: Database, { limit = PAGE } = {}): AsyncGenerator<ListedItem> {
  let after: ItemKey | null = null;
  do {
    const page: (ListedItem & ItemKey)[] = await rejectedPage(database, after, limit);
    for (const { last_seen: _lastSeen, ...item } of page) yield item;
    after = page.length < limit ? null : (page.at(-1) ?? null);
  } while (after !== null);
}

function rejectedPage(database: Database, after: ItemKey | null, limit: number) {
  const isLater =
    after === null
      ? Prisma.sql`true`
      : Prisma.sql`(
          last_seen_at < ${after.last_seen}::timestamptz
          or last_seen_at = ${after.last_seen}::timestamptz
            and (account_id, rejected_items.fingerprint) > (${after.account_id}, decode(${after.fingerprint}, 'hex'))
        )`;
  return database.$queryRaw<(ListedItem & ItemKey)[]>`
    select ${columns}, last_seen_at::text as last_seen
    from cdd.rejected_items
    where resolved_at is null and ${isLater}
    order by last_seen_at desc, account_id, rejected_items.fingerprint
    limit ${limit}`;
}
