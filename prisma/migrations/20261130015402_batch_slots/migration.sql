create table cdd.batch_slots (
  account_id text not null,
  slot smallint not null,
  recorded_at timestamptz(6) not null,
  constraint batch_slots_pkey primary key (account_id, slot)
);
comment on table cdd.batch_slots is 'An account''s knowledge time. A batch locks a free slot of its account until it commits, so none that is still open is recorded at or before the time of its slot. reporting.known_until() reads this.';
comment on column cdd.batch_slots.account_id is 'The account.';
comment on column cdd.batch_slots.slot is 'From 1 to the number of batches that a run saves at the same time.';
comment on column cdd.batch_slots.recorded_at is 'recorded_at of the slot''s last batch, or the time of a later heartbeat or run. Later than all earlier batches of all accounts, also if the clock was ahead then.';

-- Facts of earlier versions, which may lie in the future.
insert into cdd.batch_slots (account_id, slot, recorded_at)
select known.account_id, slot, max(known.at)
from (
  select account_id, greatest(max(recorded_at), max(superseded_at)) as at from cdd.case_revisions group by account_id
  union all
  select account_id, greatest(max(recorded_at), max(superseded_at)) from cdd.event_revisions group by account_id
  union all
  select account_id, greatest(max(recorded_at), max(superseded_at)) from cdd.status_transitions group by account_id
  union all
  select account_id, greatest(max(heartbeat_at), max(finished_at)) from cdd.sync_runs group by account_id
) as known
cross join generate_series(1, 2) as slot
group by known.account_id, slot;
