alter table cdd.accounts
  add column paused_since timestamptz(6),
  add column pause_reason text,
  add column first_read_at timestamptz(6);
comment on column cdd.accounts.paused_since is 'Since when the account is paused; null = it is not. Nothing sets it yet.';
comment on column cdd.accounts.pause_reason is 'Why the account is paused. Nothing sets it yet.';
comment on column cdd.accounts.first_read_at is 'When the first run that read the whole list finished. In a database of an older version: of the runs that were kept, or when the first case was saved.';
update cdd.accounts
set first_read_at = least(
  last_success_at,
  (
    select min(run.finished_at)
    from cdd.sync_runs as run
    where run.account_id = accounts.id
      and run.state in ('succeeded', 'partial')
      and run.error_code is distinct from 'MASS_DISAPPEARANCE'
  ),
  (select min(first_seen_at) from cdd.cases where cases.account_id = accounts.id)
)
where last_success_at is not null;
