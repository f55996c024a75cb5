-- backlog_as_of returns one more column, which Postgres cannot add in place. Views that analysts made on the function keep
-- the former one, under another name; dropping it would drop them.
do $$
declare
  former regprocedure := to_regprocedure('reporting.backlog_as_of(timestamptz, timestamptz)');
begin
  if former is null then
    return;
  end if;
  if exists (
    select
    from pg_catalog.pg_depend
    where refclassid = 'pg_catalog.pg_proc'::regclass and refobjid = former and deptype = 'n'
  ) then
    alter function reporting.backlog_as_of(timestamptz, timestamptz) rename to backlog_as_of_before_is_open;
    comment on function reporting.backlog_as_of_before_is_open is 'backlog_as_of without is_open, for views that were made on it before it had that column.';
  else
    drop function reporting.backlog_as_of(timestamptz, timestamptz);
  end if;
end
$$;
