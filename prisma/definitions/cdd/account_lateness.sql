-- The only place that compares an account's due times with the clock: reports, status, metrics and alerts read it.
create or replace view cdd.account_lateness as
select
  account.id as account_id,
  -- The type of the column: a view that is replaced must keep it, and a case has no precision.
  (case when account.paused_since is null then account.next_due_at end)::timestamptz(6) as next_due_at,
  case
    when account.paused_since is null
    then round(greatest(extract(epoch from now() - account.next_due_at), 0) / 60, 6)
  end as late_by_minutes,
  account.paused_since is null
    -- A success in the future was recorded while the clock was ahead, and says nothing about now.
    and (now() > account.stale_at or coalesce(account.last_success_at > now() + interval '1 minute', false)) as is_stale
from cdd.accounts as account
where account.enabled;

comment on view cdd.account_lateness is 'One row per synced account: whether it is late by its own schedule, now. Nothing is due of a paused account.';
