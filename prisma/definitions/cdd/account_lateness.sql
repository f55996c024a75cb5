-- The only place that compares an account's due times with the clock: reports, status, metrics and alerts read it.
create or replace view cdd.account_lateness as
select
  account.id as account_id,
  account.next_due_at,
  round(greatest(extract(epoch from now() - account.next_due_at), 0) / 60, 6) as late_by_minutes,
  -- A success in the future was recorded while the clock was ahead, and says nothing about now.
  now() > account.stale_at or coalesce(account.last_success_at > now() + interval '1 minute', false) as is_stale
from cdd.accounts as account
where account.enabled;

comment on view cdd.account_lateness is 'One row per synced account: whether it is late by its own schedule, now.';
