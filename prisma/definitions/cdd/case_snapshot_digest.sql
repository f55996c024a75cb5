-- Also of rows from before the account had a chain: a receipt vouches for them from then on.
create or replace function cdd.case_snapshot_digest(account_id text, case_id uuid, at timestamptz)
returns bytea
language sql
stable
parallel safe
return (
  select sha256(string_agg(row_digest.digest, '' order by row_digest.digest))
  from cdd.row_digests as row_digest
  where row_digest.account_id = case_snapshot_digest.account_id
    and row_digest.case_id = case_snapshot_digest.case_id
    and row_digest.at <= case_snapshot_digest.at
);

comment on function cdd.case_snapshot_digest is 'SHA-256 of all rows of a case''s history as they are now, without what was recorded or closed after the given time; null = it has none. A receipt has it. docs/verifying.md has the definition.';
