-- The only place that counts the failures by which an account needs a person: status, pages and messages read it. A run
-- that a stop of the worker ended is no failure of the account.
create or replace view cdd.account_failures as
select
  account.id as account_id,
  count(*)::integer as failures,
  min(run.finished_at) as since,
  (array_agg(run.error_code order by run.started_at desc))[1] as error_code
from cdd.accounts as account
left join lateral (
  select max(complete_run.started_at) as started_at
  from cdd.sync_runs as complete_run
  where complete_run.account_id = account.id
    and complete_run.state in ('succeeded', 'partial')
    and complete_run.started_at <= now()
) as read_run on true
join cdd.sync_runs as run on run.account_id = account.id
where run.state in ('failed', 'abandoned')
  and run.error_code is distinct from 'CANCELLED'
  and run.started_at > coalesce(read_run.started_at, '-infinity')
  -- A run that began while the clock was ahead would count until the clock gets there.
  and run.started_at <= now()
group by account.id;

comment on view cdd.account_failures is 'One row per account whose newest runs failed: how many since the last one that read the list, since when, and the error of the newest.';
