create table cdd.account_pauses (
  account_id text not null,
  paused_at timestamptz(6) not null,
  reason text not null,
  paused_by text,
  paused_role text not null,
  resumed_at timestamptz(6),
  resumed_by text,
  resumed_role text,
  constraint account_pauses_pkey primary key (account_id, paused_at),
  constraint account_pauses_account_id_fkey foreign key (account_id) references cdd.accounts (id) on update no action on delete no action,
  constraint account_pauses_resumed_check check ((resumed_at is null) = (resumed_role is null)),
  constraint account_pauses_times_check check (resumed_at >= paused_at)
);
create unique index account_pauses_open_key on cdd.account_pauses (account_id) where resumed_at is null;
comment on table cdd.account_pauses is 'When, why and by whom the runs of an account were paused and continued (cdd-sync pause, cdd-sync resume). Rows are only added, or closed by resumed_at, and never deleted.';
comment on column cdd.account_pauses.account_id is 'Dintero''s account id (aid).';
comment on column cdd.account_pauses.paused_at is 'When the account was paused; no run began from then on.';
comment on column cdd.account_pauses.reason is 'The reason that was given.';
comment on column cdd.account_pauses.paused_by is 'Login name, on the machine of the command, of the user who paused it; null = the machine has no name for the user.';
comment on column cdd.account_pauses.paused_role is 'The database user of the command.';
comment on column cdd.account_pauses.resumed_at is 'When the account was resumed; null = it is still paused.';
comment on column cdd.account_pauses.resumed_by is 'Login name of the user who resumed it; null = still paused, or the machine has no name for the user.';
comment on column cdd.account_pauses.resumed_role is 'The database user of that command; null = still paused.';
comment on column cdd.accounts.paused_since is 'Since when the account is paused: no run of it begins. Null = it is not. The row of cdd.account_pauses has more.';
comment on column cdd.accounts.pause_reason is 'Why the account is paused; null = it is not.';
