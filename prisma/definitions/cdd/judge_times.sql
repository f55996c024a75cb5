create or replace function cdd.judge_times()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.has_odd_times := not new.has_odd_times;
  return new;
end
$$;

-- The function is called only for a wrong flag, which it negates. For nearly all rows, Postgres only evaluates the
-- condition.
create or replace trigger judge_times
before insert or update of opened_at, status_since, created_at, deleted_at, has_odd_times
on cdd.cases
for each row
when (
  new.has_odd_times
    <> cdd.has_odd_times(new.opened_at, new.status_since, new.created_at, new.deleted_at)
)
execute function cdd.judge_times();

comment on function cdd.judge_times is 'Keeps cdd.cases.has_odd_times right when the times of a case change.';
