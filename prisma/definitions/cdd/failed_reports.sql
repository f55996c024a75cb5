-- The second part is for a worker that died before it could record anything. A run changes the notes that it rolls up at
-- its end, so notes are late only when the account's last run has shown no sign of life for a while. Pairs of statuses
-- may wait: see cdd.roll_up.
create or replace view cdd.failed_reports as
select roll_up.account_id, roll_up.failing_since as since, roll_up.error_code, roll_up.error_message
from cdd.roll_ups as roll_up
where roll_up.failing_since is not null
union all
select
  late.account_id,
  late.since,
  null,
  'The last run saved changes, but ended before it updated the reports; was its worker killed? The next run updates them.'
from (
  select change.account_id, min(change.noted_at) as since
  from cdd.report_changes as change
  where change.to_status is null and change.noted_at < now() - interval '2 minutes'
  group by change.account_id
) as late
where not exists (
    select from cdd.roll_ups as roll_up where roll_up.account_id = late.account_id and roll_up.failing_since is not null
  )
  and coalesce(
    (
      select run.heartbeat_at
      from cdd.sync_runs as run
      where run.account_id = late.account_id and run.started_at <= now()
      order by run.started_at desc
      limit 1
    ) < now() - interval '2 minutes',
    true
  );

comment on view cdd.failed_reports is 'Accounts whose reports stand still: their last roll-up failed, or changes have waited for one for two minutes without a run.';
