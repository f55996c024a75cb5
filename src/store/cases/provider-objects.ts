import type { Database } from '../postgres/pool.ts';

// `events[].case`, the object of the KYC provider in an event, as it is stored.

export type CaseKey = { accountId: string; id: string };

/**
 * The cases whose status is the newest, `limit` in all. Accounts take turns, so that none uses up the limit while others
 * have cases. No ids: of all accounts.
 */
export function newestCases(
  database: Database,
  { accountIds, limit }: { accountIds: readonly string[]; limit: number },
): Promise<CaseKey[]> {
  return database.$queryRaw<CaseKey[]>`
    select account_id as "accountId", id::text as id
    from (
      select
        account_row.id as account_id,
        case_row.id,
        row_number() over (partition by account_row.id order by status_since desc nulls last, case_row.id) as place
      from cdd.accounts as account_row
      -- Each part reads no more than the limit from an index of its own; one sort of all cases takes seconds.
      cross join lateral (
        (
          select id, status_since
          from cdd.cases
          where account_id = account_row.id and status_since is not null
          order by status_since desc
          limit ${limit}
        )
        union all
        (
          select id, status_since
          from cdd.cases
          where account_id = account_row.id and status_since is null
          order by opened_at desc
          limit ${limit}
        )
      ) as case_row
      where ${accountIds.length === 0} or account_row.id = any(${[...accountIds]}::text[])
    ) as ranked_case
    where place <= ${limit}
    order by place, account_id
    limit ${limit}`;
}

/**
 * The JSON text of `events[].case` in the case's current events, of the newest `limit` events. Null = the text has more
 * than `maxBytes`; it is not fetched.
 */
export async function providerObjects(
  database: Database,
  { accountId, id }: CaseKey,
  { limit, maxBytes }: { limit: number; maxBytes: number },
): Promise<(string | null)[]> {
  const rows = await database.$queryRaw<{ content: string | null }[]>`
    select case when octet_length(content) <= ${maxBytes} then content end as content
    from (
      select (body -> 'case')::text as content
      from cdd.case_events
      where account_id = ${accountId} and case_id = ${id}::uuid and superseded_at is null
      order by id desc
      limit ${limit}
    ) as event_row
    where content is not null`;
  return rows.map(({ content }) => content);
}
