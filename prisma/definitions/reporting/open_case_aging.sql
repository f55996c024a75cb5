create or replace view reporting.open_case_aging with (security_barrier) as
select
  waiting.account_id,
  waiting.status,
  waiting.stage,
  (array['<24h', '1-2d', '2-7d', '1-2w', '2-4w', '>4w'])[waiting.bucket_order] as bucket,
  waiting.bucket_order,
  count(*)::integer as cases,
  min(waiting.since) as oldest_since
from (
  select
    held.account_id,
    held.status,
    current.stage,
    coalesce(held.status_since, held.opened_at, held.first_seen_at) as since,
    1 + width_bucket(
      now() - coalesce(held.status_since, held.opened_at, held.first_seen_at),
      array['24 hours', '2 days', '7 days', '14 days', '28 days']::interval[]
    ) as bucket_order
  from cdd.cases as held
  left join cdd.case_statuses as current on current.status = held.status
  where (current.stage is null or current.stage in ('applicant', 'review', 'error', 'unknown'))
    and held.deleted_at is null
    and held.missing_since is null
) as waiting
where (select sees_all from cdd.current_reader)
  or waiting.account_id in (select account_id from cdd.granted_accounts)
group by waiting.account_id, waiting.status, waiting.stage, waiting.bucket_order;

comment on view reporting.open_case_aging is 'One row per account, status and age: open cases by how long they have been in their status, now. Fresh: as saved by the account''s last run.';
comment on column reporting.open_case_aging.account_id is 'Dintero''s account id (aid) whose list the case is in.';
comment on column reporting.open_case_aging.status is 'The status; null = no status yet.';
comment on column reporting.open_case_aging.stage is 'Its stage; null = no status yet.';
comment on column reporting.open_case_aging.bucket is 'Time in the status: <24h, 1-2d, 2-7d, 1-2w, 2-4w, >4w; Dintero reminds applicants at these ages. Without a status, time since opened_at.';
comment on column reporting.open_case_aging.bucket_order is '1 to 6, to sort buckets by.';
comment on column reporting.open_case_aging.cases is 'Open cases.';
comment on column reporting.open_case_aging.oldest_since is 'Since when the one that waits longest has done so.';
