create or replace function reporting.backlog_as_of(at timestamptz, known_at timestamptz default reporting.known_until())
returns table (account_id text, status text, cases integer, is_open boolean)
language sql
stable
parallel safe
begin atomic
  select
    case_status.account_id,
    case_status.status,
    count(*)::integer,
    cdd.is_open_stage(case_status.stage)
  from reporting.cases_as_of(at, known_at) as case_status
  group by case_status.account_id, case_status.status, case_status.stage;
end;

comment on function reporting.backlog_as_of is 'Number of cases per account and status at the time at, as cdd-sync knew it at the time known_at (by default known_until(): everything that is final): account_id, status, cases, is_open (whether somebody must still act on cases in the status: its stage is applicant, review, error or unknown). Statuses without cases have no row.';
