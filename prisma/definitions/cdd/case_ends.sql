create or replace view cdd.case_ends as
select
  stored_end.account_id,
  stored_end.case_id,
  stored_end.ended_at is not null as has_ended,
  stored_end.ended_at
from cdd.stored_ends as stored_end
where not stored_end.has_odd_times
union all
select
  odd_case.account_id,
  odd_case.id,
  coalesce(present_status.stage in ('declined', 'closed'), false)
    or coalesce(odd_case.deleted_at <= now(), false)
    or odd_case.missing_since is not null,
  -- Without times that are not plausible: nothing may be erased because of them.
  least(
    case
      when present_status.stage in ('declined', 'closed') and odd_case.present_since >= timestamptz '2000-01-01 00:00:00Z'
        then odd_case.present_since
    end,
    case
      when odd_case.deleted_at >= timestamptz '2000-01-01 00:00:00Z' and odd_case.deleted_at <= now()
        then odd_case.deleted_at
    end,
    odd_case.missing_since
  )
from (
  select
    stored_case.account_id,
    stored_case.id,
    stored_case.deleted_at,
    stored_case.missing_since,
    case when present.case_id is null then stored_case.status else present.status end as present_status,
    case when present.case_id is null then stored_case.status_since else present.since end as present_since
  from cdd.cases as stored_case
  left join cdd.present_statuses as present
    on present.account_id = stored_case.account_id and present.case_id = stored_case.id
  where stored_case.has_odd_times
) as odd_case
left join cdd.case_statuses as present_status on present_status.status = odd_case.present_status;

comment on view cdd.case_ends is 'One row per case in an account''s list: whether it has ended by now, and when; ended_at null = it has not, or only times before 2000 say when. Says nothing of the same case in other accounts.';
