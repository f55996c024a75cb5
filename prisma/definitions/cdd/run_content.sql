create or replace function cdd.run_content(account text, run uuid)
returns bytea
language sql
stable
parallel safe
return (
  select sha256(
    string_agg(
      record_send(row(batch.recorded_at, batch.part, batch.cases, batch.digest)),
      ''
      order by batch.recorded_at, batch.part collate "C"
    )
  )
  from cdd.batch_digests as batch
  where batch.account_id = account and batch.run_id = run
);

comment on function cdd.run_content is 'SHA-256 of the digests of a run''s batches, the content of its link; null = it recorded nothing. docs/verifying.md has the definition.';
