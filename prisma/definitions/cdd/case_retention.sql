-- Two branches, so that a question for one state leaves out the cases that are known to have another.
create or replace view cdd.case_retention as
select
  account_id,
  case_id,
  ended_at,
  keep_until,
  null::timestamptz as held_at,
  null::text as hold_reason,
  state,
  erased_at,
  years,
  rule
from cdd.retention_periods
where state is not null
union all
select
  account_id,
  case_id,
  ended_at,
  keep_until,
  held_at,
  hold_reason,
  case
    when erased_at is not null then 'erased'
    when held_at is not null then 'held'
    when not has_ended then 'active'
    when keep_until <= now() then 'due'
    else 'kept'
  end,
  erased_at,
  years,
  rule
from cdd.retention_periods
where state is null;

comment on view cdd.case_retention is 'The rows of reporting.retention, of all accounts, with the reasons of holds.';
