create or replace function cdd.rebuild_roll_ups(account text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  zone text := (select timezone from cdd.report_settings);
begin
  -- Nobody else takes notes of this account from here on.
  perform pg_advisory_xact_lock(hashtextextended('cdd.roll_up ' || account, 0));
  delete from cdd.backlog_days where account_id = account;
  delete from cdd.flow_days where account_id = account;
  delete from cdd.decision_months where account_id = account;
  delete from cdd.funnel_months where account_id = account;
  delete from cdd.transition_pairs where account_id = account;

  -- One statement, so that no case is both counted here and in a note that stays.
  with dropped as (
    delete from cdd.report_changes where account_id = account
  )
  insert into cdd.funnel_months (
    account_id, month, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
    still_open, decided_within_24h
  )
  select
    account,
    date_trunc('month', held.opened_at at time zone zone)::date as cohort,
    count(*),
    count(*) filter (where held.furthest_rank >= 20),
    count(*) filter (where held.furthest_rank >= 30),
    count(*) filter (where held.furthest_rank >= 40),
    count(held.first_decided_at),
    count(held.first_approved_at),
    count(held.first_declined_at),
    count(*) filter (
      where (known.stage is null or known.stage in ('applicant', 'review', 'error', 'unknown'))
        and held.deleted_at is null
        and held.missing_since is null
    ),
    count(*) filter (where held.first_decided_at - held.opened_at <= interval '24 hours')
  from cdd.cases as held
  left join cdd.case_statuses as known on known.status = held.status
  where held.account_id = account and held.opened_at is not null
  group by cohort;

  insert into cdd.report_changes (account_id, month)
  select distinct account, date_trunc('month', moment.at at time zone zone)::date
  from (
    select occurred_at as at
    from cdd.status_transitions
    where account_id = account and superseded_at is null
    union all
    select unnest(array[case when status is null then opened_at end, least(deleted_at, missing_since)])
    from cdd.cases
    where account_id = account
  ) as moment
  where moment.at is not null;

  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account, from_status, to_status
  from cdd.status_transitions
  where account_id = account and superseded_at is null;

  perform cdd.roll_up(account);
end
$$;

comment on function cdd.rebuild_roll_ups is 'Makes all roll-ups of an account anew: after the time zone changed, or somebody wrote to the tables by hand.';
