create or replace view cdd.present_statuses as
select
  odd_case.account_id,
  odd_case.id as case_id,
  past.status,
  past.since,
  coalesce(past.applicant_seconds, 0) as applicant_seconds,
  coalesce(past.review_seconds, 0) as review_seconds
from cdd.cases as odd_case
cross join lateral (
  select
    (array_agg(transition.to_status order by transition.sequence desc))[1] as status,
    max(transition.occurred_at) as since,
    sum(date_part('epoch', transition.occurred_at - transition.from_since)) filter (where left_status.stage = 'applicant')
      as applicant_seconds,
    sum(date_part('epoch', transition.occurred_at - transition.from_since)) filter (where left_status.stage = 'review')
      as review_seconds
  from cdd.status_transitions as transition
  left join cdd.case_statuses as left_status on left_status.status = transition.from_status
  where transition.account_id = odd_case.account_id
    and transition.case_id = odd_case.id
    and transition.superseded_at is null
    and transition.occurred_at <= now()
) as past
where odd_case.has_odd_times and odd_case.status_since > now();

comment on view cdd.present_statuses is 'One row per case whose last transition lies in the future: the status that it still has, since when, and the seconds in stages that it has left; status null = none yet.';
