create or replace function reporting.cases_as_of(at timestamptz, known_at timestamptz default now())
returns table (account_id text, case_id uuid, status text, stage text, status_since timestamptz)
language sql
stable
parallel safe
begin atomic
  select moved.account_id, moved.case_id, moved.to_status, entered.stage, moved.occurred_at
  from (
    select distinct on (told.account_id, told.case_id) told.account_id, told.case_id, told.to_status, told.occurred_at
    from reporting.status_history as told
    where told.occurred_at <= at
      and told.recorded_at <= known_at
      and (told.superseded_at is null or told.superseded_at > known_at)
    order by told.account_id, told.case_id, told.sequence desc
  ) as moved
  join reporting.case_history as held
    on held.account_id = moved.account_id
    and held.case_id = moved.case_id
    and held.recorded_at <= known_at
    and (held.superseded_at is null or held.superseded_at > known_at)
    and (held.gone_at is null or held.gone_at > at)
  join reporting.statuses as entered on entered.status = moved.to_status;
end;

comment on function reporting.cases_as_of is 'The status of every case at a time (at), by what cdd-sync knew at another (known_at, by default now). One row per case that had a status then and was neither deleted nor missing; account_id, case_id, status, stage, status_since.';
