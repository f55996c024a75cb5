create or replace view reporting.open_case_aging with (security_barrier) as
select
  open_case.account_id,
  open_case.status,
  open_case.stage,
  (array['<24h', '1-2d', '2-7d', '1-2w', '2-4w', '>4w'])[open_case.bucket_order] as bucket,
  open_case.bucket_order,
  count(*)::integer as cases,
  min(open_case.since) as oldest_since
from (
  select
    account_id,
    status,
    stage,
    since,
    1 + width_bucket(now() - since, array['24 hours', '2 days', '7 days', '14 days', '28 days']::interval[])
      as bucket_order
  from (
    select
      account_id,
      status,
      stage,
      -- Somebody must act also on a case with a placeholder for a time, so it counts by a time that can be true.
      case
        when status_since >= timestamptz '2000-01-01 00:00:00Z' then status_since
        when opened_at between timestamptz '2000-01-01 00:00:00Z' and now() then opened_at
        else first_seen_at
      end as since
    from reporting.cases
    where is_open
  ) as waiting_case
) as open_case
group by open_case.account_id, open_case.status, open_case.stage, open_case.bucket_order;

comment on view reporting.open_case_aging is 'One row per account, status and age: open cases by how long they have been in their status, now. Fresh: as saved by the account''s last run.';
comment on column reporting.open_case_aging.account_id is 'Dintero''s account id (aid).';
comment on column reporting.open_case_aging.status is 'The status; null = no status yet.';
comment on column reporting.open_case_aging.stage is 'Its stage; null = no status yet.';
comment on column reporting.open_case_aging.bucket is 'Time in the status: <24h, 1-2d, 2-7d, 1-2w, 2-4w or >4w; Dintero reminds applicants at these ages. Without a status, time since opened_at, else since first_seen_at; so also if that time is before 2000 or in the future.';
comment on column reporting.open_case_aging.bucket_order is '1 to 6, for sorting by bucket.';
comment on column reporting.open_case_aging.cases is 'Open cases.';
comment on column reporting.open_case_aging.oldest_since is 'The earliest time from which one of these cases counts as waiting, see bucket.';
