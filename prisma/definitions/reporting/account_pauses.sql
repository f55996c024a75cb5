create or replace view reporting.account_pauses with (security_barrier) as
select
  pause.account_id,
  pause.paused_at,
  pause.reason,
  coalesce(pause.paused_by, pause.paused_role) as paused_by,
  pause.resumed_at,
  coalesce(pause.resumed_by, pause.resumed_role) as resumed_by
from cdd.account_pauses as pause
where (select sees_all from cdd.current_reader)
  or pause.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.account_pauses is 'One row per time that an account''s runs were paused. Meanwhile its cases stay as they were. Fresh: now.';
comment on column reporting.account_pauses.account_id is 'Dintero''s account id (aid).';
comment on column reporting.account_pauses.paused_at is 'When the runs were paused; a run that was under way went on to its end.';
comment on column reporting.account_pauses.reason is 'The reason that was given.';
comment on column reporting.account_pauses.paused_by is 'Login name of the user who paused it, else the database user.';
comment on column reporting.account_pauses.resumed_at is 'When the runs were continued; null = they are still paused.';
comment on column reporting.account_pauses.resumed_by is 'Login name of the user who continued them, else the database user; null = they are still paused.';
