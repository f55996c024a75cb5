create or replace function cdd.rebuild_roll_ups(account text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  zone text := (select timezone from cdd.report_settings);
begin
  -- From here on, no concurrent cdd.roll_up takes rows of this account from report_changes.
  perform cdd.lock_roll_up(account);
  delete from cdd.backlog_days where account_id = account;
  delete from cdd.flow_days where account_id = account;
  delete from cdd.decision_months where account_id = account;
  delete from cdd.funnel_months where account_id = account;
  delete from cdd.transition_pairs where account_id = account;

  -- One statement with one snapshot: a case is counted either here or in a row of report_changes that stays, not in both.
  with dropped as (
    delete from cdd.report_changes where account_id = account
  )
  insert into cdd.funnel_months (
    account_id, month, opened, reached_declaration, reached_signature, reached_review, decided, approved, declined,
    still_open, decided_within_24h
  )
  select
    account,
    date_trunc('month', case_row.opened_at at time zone zone)::date as cohort,
    count(*),
    count(*) filter (where case_row.furthest_rank >= 20),
    count(*) filter (where case_row.furthest_rank >= 30),
    count(*) filter (where case_row.furthest_rank >= 40),
    count(case_row.first_decided_at),
    count(case_row.first_approved_at),
    count(case_row.first_declined_at),
    count(*) filter (
      where cdd.is_open_stage(status_row.stage)
        and case_row.deleted_at is null
        and case_row.missing_since is null
    ),
    count(*) filter (where case_row.first_decided_at - case_row.opened_at <= interval '24 hours')
  from cdd.cases as case_row
  left join cdd.case_statuses as status_row on status_row.status = case_row.status
  where case_row.account_id = account and case_row.opened_at is not null and not case_row.has_odd_times
  group by cohort;

  insert into cdd.report_changes (account_id, month)
  select distinct account, date_trunc('month', change.at at time zone zone)::date
  from (
    select occurred_at as at
    from cdd.status_transitions
    where account_id = account and superseded_at is null
    union all
    select unnest(array[case when status is null then opened_at end, least(deleted_at, missing_since)])
    from cdd.cases
    where account_id = account
  ) as change
  where cdd.is_plausible_time(change.at);

  insert into cdd.report_changes (account_id, from_status, to_status)
  select distinct account, from_status, to_status
  from cdd.status_transitions
  where account_id = account and superseded_at is null;

  perform cdd.roll_up(account);
end
$$;

comment on function cdd.rebuild_roll_ups is 'Computes all roll-ups of an account from its tables: after the time zone changed, or the tables were edited by hand.';
