create table cdd.roll_ups (
  account_id text not null,
  failing_since timestamptz(6),
  failures integer not null default 0,
  error_code text,
  error_message text,
  told_at timestamptz(6),
  constraint roll_ups_pkey primary key (account_id),
  constraint roll_ups_failures_check check (failures >= 0),
  constraint roll_ups_failing_check check (
    num_nonnulls(failing_since, error_message, told_at) in (0, 3) and (error_code is null or error_message is not null)
  )
);
comment on table cdd.roll_ups is 'A row per account whose reports were ever rolled up. Locking it locks the roll-ups of the account: unlike an advisory lock, only the owner of this schema can take it.';
comment on column cdd.roll_ups.failing_since is 'When the first of the roll-ups failed that have failed since the last one that succeeded; null = the last one succeeded.';
comment on column cdd.roll_ups.failures is 'Number of roll-ups that ever failed.';
comment on column cdd.roll_ups.error_code is 'SQLSTATE or network error of the last failure; null = none, or nothing is failing.';
comment on column cdd.roll_ups.error_message is 'The last failure in words, with advice; null = nothing is failing.';
comment on column cdd.roll_ups.told_at is 'When a log last had the failure; null = nothing is failing.';

-- Two long statuses do not fit into an entry of an index: then no roll-up of the account succeeded.
alter table cdd.transition_pairs
  drop constraint transition_pairs_pkey,
  add column pair_id uuid;
update cdd.transition_pairs set pair_id = md5(is_first::text || md5(from_status) || md5(to_status))::uuid;
alter table cdd.transition_pairs
  alter column pair_id set not null,
  add constraint transition_pairs_pkey primary key (account_id, pair_id);
comment on column cdd.transition_pairs.pair_id is 'Hash of is_first and both statuses.';
