-- What workers that share the database tell each other about an account.

alter table cdd.accounts
  add column refusals integer not null default 0,
  add column next_try_at timestamptz(6),
  add column nudged_at timestamptz(6),
  add constraint accounts_refusals_check check (refusals >= 0),
  add constraint accounts_next_try_at_check check (next_try_at is null or refusals > 0);

comment on column cdd.accounts.refusals is 'How many runs in a row the API has refused (error_code AUTH or FORBIDDEN); other failures neither count nor reset it.';
comment on column cdd.accounts.next_try_at is 'No run by schedule or webhook before this, because the API keeps refusing the account; null = any time.';
comment on column cdd.accounts.nudged_at is 'When a webhook last asked for a run.';
comment on column cdd.accounts.enabled is 'Whether the account is in the configuration, or a merchant that a discovering partner had when it was last asked.';
comment on column cdd.accounts.label is 'Name given in the configuration; of a discovered merchant, its business name.';
comment on table cdd.accounts is 'Accounts that are synced: configured ones and discovered merchants. One that is neither any more stays, disabled.';
