-- Small accounts are rolled up without planning it anew each time. docs/decisions.md says why.

-- What cdd.roll_up was does the work; which plans that is done by is decided before.
alter function cdd.roll_up(text) rename to roll_up_changes;
alter function cdd.roll_up_changes(text) reset plan_cache_mode;
comment on function cdd.roll_up_changes is 'What cdd.roll_up does once it has chosen by which plans.';

create function cdd.roll_up(account text)
returns void
language plpgsql
-- The next account may be a thousand times as large. Where that is set otherwise below, it ends with the function.
set plan_cache_mode = force_custom_plan
set enable_seqscan = on
-- Who moved this month is found by an index, in memory: at the price of a disk's arm Postgres would rather read everything.
set random_page_cost = 1.1
as $$
begin
  -- Planning takes longer than rolling up a small account. So for those the plans are kept, and may read no whole table:
  -- they were made without knowing for whom. In order of their ids, or everybody's cases may be read to count these.
  if not exists (select from cdd.cases as held where held.account_id = account order by held.id offset 1000) then
    perform
      set_config('plan_cache_mode', 'force_generic_plan', true),
      set_config('enable_seqscan', 'off', true);
  end if;
  perform cdd.roll_up_changes(account);
end
$$;
comment on function cdd.roll_up is 'Makes the roll-ups of an account again where cdd.report_changes says so; a run ends with it.';
