-- With conditions on both keys, only the batches of that run are read.
create or replace view cdd.run_contents as
select
  batch.account_id,
  batch.run_id,
  min(batch.recorded_at) as recorded_at,
  sha256(
    string_agg(
      record_send(row(batch.recorded_at, batch.part, batch.cases, batch.digest)),
      ''
      order by batch.recorded_at, batch.part collate "C"
    )
  ) as content
from cdd.batch_digests as batch
group by batch.account_id, batch.run_id;

comment on view cdd.run_contents is 'SHA-256 of the digests of a run''s batches, the content of its link; a run that recorded nothing has no row. docs/verifying.md has the definition.';
comment on column cdd.run_contents.account_id is 'Dintero''s account id (aid).';
comment on column cdd.run_contents.run_id is 'The run; its row in cdd.sync_runs is kept for a limited time.';
comment on column cdd.run_contents.recorded_at is 'When the first of its batches was recorded.';
comment on column cdd.run_contents.content is 'The digest.';
