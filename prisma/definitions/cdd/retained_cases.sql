-- A branch for each state that needs no computation, so that a question for one state leaves out the others: the cases that
-- are due are found by an index.
create or replace view cdd.retained_cases as
select
  plain.account_id,
  plain.case_id,
  plain.country_code,
  plain.package,
  plain.products,
  plain.facts,
  plain.erased_at,
  plain.ended_at is not null as has_ended,
  plain.ended_at,
  null::text as hold_reason,
  null::timestamptz as held_at,
  'erased' as state
from cdd.plain_ends as plain
where plain.erased_at is not null
union all
select
  plain.account_id, plain.case_id, plain.country_code, plain.package, plain.products, plain.facts, null, false, null,
  null, null, 'active'
from cdd.plain_ends as plain
where plain.erased_at is null and plain.ended_at is null
union all
select
  plain.account_id, plain.case_id, plain.country_code, plain.package, plain.products, plain.facts, null, true,
  plain.ended_at, null, null, 'kept'
from cdd.plain_ends as plain
where plain.erased_at is null
  and plain.ended_at is not null
  and (plain.ended_at <= (select ended_until from cdd.retention_limit)) is not true
union all
select
  plain.account_id, plain.case_id, plain.country_code, plain.package, plain.products, plain.facts, null, true,
  plain.ended_at, null, null, null
from cdd.plain_ends as plain
where plain.erased_at is null and plain.ended_at <= (select ended_until from cdd.retention_limit)
union all
select
  stored_end.account_id,
  stored_end.case_id,
  stored_end.country_code,
  stored_end.package,
  stored_end.products,
  stored_end.facts,
  stored_end.erased_at,
  every_end.has_ended,
  every_end.ended_at,
  hold.reason,
  hold.held_at,
  null
from (
  select account_id, id as case_id
  from cdd.cases
  where has_odd_times
  union
  select account_id, case_id
  from cdd.legal_holds
  where released_at is null
  union
  select shared_case.account_id, shared_case.id
  from cdd.case_ids as shared_id
  join cdd.cases as shared_case on shared_case.id = shared_id.id
  where shared_id.is_shared
) as special_case
join cdd.stored_ends as stored_end
  on stored_end.account_id = special_case.account_id and stored_end.case_id = special_case.case_id
left join cdd.legal_holds as hold
  on hold.account_id = special_case.account_id and hold.case_id = special_case.case_id and hold.released_at is null
cross join lateral (
  -- All accounts, whether the reader sees them or not: a case that is open anywhere has not ended. If one of its ends has
  -- no plausible time, the last one is not known.
  select
    bool_and(same_case.has_ended) as has_ended,
    case when bool_and(same_case.ended_at is not null) then max(same_case.ended_at) end as ended_at
  from cdd.case_ends as same_case
  where same_case.case_id = special_case.case_id
) as every_end;

comment on view cdd.retained_cases is 'One row per case: whether it has ended in the lists of all accounts that have it, when the last of them ended, its legal hold, and its state in reporting.retention; state null = to be computed from the other columns.';
