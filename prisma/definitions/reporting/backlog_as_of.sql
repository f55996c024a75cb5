create or replace function reporting.backlog_as_of(at timestamptz, known_at timestamptz default now())
returns table (account_id text, status text, cases integer)
language sql
stable
parallel safe
begin atomic
  select held.account_id, held.status, count(*)::integer
  from reporting.cases_as_of(at, known_at) as held
  group by held.account_id, held.status;
end;

comment on function reporting.backlog_as_of is 'How many cases were in which status at a time (at), by what cdd-sync knew at another (known_at, by default now): account_id, status, cases. Statuses without cases have no row.';
