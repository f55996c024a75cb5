-- Counts, because digests of all rows of a large account would take minutes. They stay the same: rows are only added, or
-- closed later. A receipt vouches for the rows of its case.
create or replace function cdd.begin_content(account text, until timestamptz)
returns bytea
language sql
stable
parallel safe
return (
  with counted as (
    select 'case_problems' as table_name, count(*) as added, count(*) filter (where superseded_at <= until) as closed
    from cdd.case_problems
    where account_id = account and recorded_at <= until
    union all
    select 'case_revisions', count(*), count(*) filter (where superseded_at <= until)
    from cdd.case_revisions
    where account_id = account and recorded_at <= until
    union all
    select 'event_revisions', count(*), count(*) filter (where superseded_at <= until)
    from cdd.event_revisions
    where account_id = account and recorded_at <= until
    union all
    select 'status_transitions', count(*), count(*) filter (where superseded_at <= until)
    from cdd.status_transitions
    where account_id = account and recorded_at <= until
  )
  select sha256(string_agg(record_send(row(table_name, added, closed)), '' order by table_name collate "C"))
  from counted
  having sum(added) > 0
);

comment on function cdd.begin_content is 'SHA-256 of the numbers of rows per table that an account had at a time, the content of its first link if it is older than its chain; null = it had none. docs/verifying.md has the definition.';
