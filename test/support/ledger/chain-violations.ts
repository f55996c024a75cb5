import type pg from 'pg';

/** When the account's chain began; rows recorded and closed until then have no leaves. */
const BEGUN = `(select linked_at from cdd.digest_links where account_id = %account and kind = 'begin')`;
const isOfChain = (row: string) =>
  `${row}.at > coalesce(${BEGUN.replace('%account', `${row}.account_id`)}, '-infinity')`;

/** Each finds what does not fit in the digest chains of all accounts; the rows are those that were never erased. */
export const CHAIN_VIOLATIONS: Record<string, string> = {
  'rows do not fit their leaf': `
    select coalesce(stored.account_id, leaf.account_id), coalesce(stored.case_id, leaf.case_id), at, part
    from (
      select account_id, case_id, at, part, sha256(string_agg(digest, '' order by digest)) as digest,
        string_agg(substr(digest, 1, 4), '' order by digest) as rows
      from (
        select *,
          case
            when table_name = 'case_problems' then 'problems'
            when table_name = 'case_revisions' and exists (
              select
              from cdd.case_digests as presence_leaf
              where presence_leaf.account_id = row_digest.account_id and presence_leaf.case_id = row_digest.case_id
                and presence_leaf.recorded_at = row_digest.at and presence_leaf.part = 'presence'
            ) then 'presence'
            else 'document'
          end as part
        from cdd.row_digests as row_digest
      ) as chained_row
      where ${isOfChain('chained_row')}
      group by account_id, case_id, at, part
    ) as stored
    full join (select *, recorded_at as at from cdd.case_digests) as leaf using (account_id, case_id, at, part)
    where (stored.digest, stored.rows) is distinct from (leaf.digest, leaf.rows)`,
  'leaves do not fit their batch': `
    select *
    from (
      select account_id, recorded_at, part, count(*)::integer as cases,
        sha256(string_agg(uuid_send(case_id) || digest, '' order by case_id)) as digest
      from cdd.case_digests
      group by account_id, recorded_at, part
    ) as made
    full join cdd.batch_digests as batch using (account_id, recorded_at, part)
    where (made.cases, made.digest) is distinct from (batch.cases, batch.digest)`,
  'a run that ended has another link than its batches give': `
    select account_id, run_id
    from cdd.run_contents as recorded_run
    full join (select * from cdd.digest_links where kind = 'run') as link using (account_id, run_id)
    where link.content is distinct from recorded_run.content
      and not exists (select from cdd.sync_runs as run where run.id = run_id and run.state = 'running')`,
  'a first link does not fit the rows that are older': `
    select account_id
    from cdd.digest_links
    where kind = 'begin' and (number > 1 or content is distinct from cdd.begin_content(account_id, linked_at))`,
  'links do not form a chain': `
    select account_id, number
    from (
      select
        link.*,
        row_number() over by_number as expected_number,
        lag(digest) over by_number as expected_previous,
        lag(linked_at) over by_number as previous_at,
        cdd.link_digest(link) as expected_digest
      from cdd.digest_links as link
      window by_number as (partition by account_id order by number)
    ) as link
    where number <> expected_number
      or previous is distinct from expected_previous
      or linked_at <= previous_at
      or digest <> expected_digest`,
};

/** A line per claim that does not hold. */
export async function chainViolations(client: Pick<pg.Client, 'query'>): Promise<string[]> {
  const found: string[] = [];
  for (const [claim, query] of Object.entries(CHAIN_VIOLATIONS)) {
    const { rows } = await client.query(query);
    if (rows.length > 0) found.push(`${claim}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return found;
}
