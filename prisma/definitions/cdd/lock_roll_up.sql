-- A row lock, because any login can take an advisory lock: one without any grant delayed each roll-up for as long as it
-- liked.
create or replace function cdd.lock_roll_up(account text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into cdd.roll_ups (account_id) values (account) on conflict do nothing;
  -- Statements after this one see everything that the last holder committed.
  perform from cdd.roll_ups where account_id = account for update;
end
$$;

comment on function cdd.lock_roll_up is 'Locks the roll-ups of an account until the transaction ends. Waits for a roll-up that is under way.';
