-- Readers may not read schema cdd, hence "security definer"; the function tells a time and nothing else.
create or replace function reporting.known_until()
returns timestamptz
language sql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(
    (
      select min(coalesce(slot.recorded_at, run.started_at))
      from cdd.sync_runs as run
      left join cdd.batch_slots as slot on slot.account_id = run.account_id
      where run.state = 'running'
    ),
    greatest(
      -- A standby may not have received what was committed before now.
      case when not pg_is_in_recovery() then now() end,
      (select max(recorded_at) from cdd.batch_slots)
    )
  );
end;

comment on function reporting.known_until is 'The latest instant as of which answers are final: nothing will be recorded with a recorded_at up to it, so a question with this known_at always gets the same answer. The default of every known_at. Without open runs it is now; while a run saves, it is at most some seconds before its open batches. It is later than now if the database''s clock was ahead (see data_quality, clock_ahead).';
