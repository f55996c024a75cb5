-- Postgres cannot evaluate cron expressions, so the worker stores the due times that follow from the last success.
alter table cdd.accounts
  add column schedule text,
  add column schedule_timezone text,
  add column next_due_at timestamptz(6) not null default now(),
  add column stale_at timestamptz(6) not null default now() + interval '15 minutes',
  add constraint accounts_schedule_check check ((schedule is null) = (schedule_timezone is null)),
  add constraint accounts_stale_at_check check (stale_at >= next_due_at + interval '15 minutes');

-- Estimates, until a worker saves the schedules.
update cdd.accounts
set
  next_due_at = last_success_at + coalesce(schedule_seconds, 900) * interval '1 second',
  stale_at = last_success_at + greatest(4 * coalesce(schedule_seconds, 900), coalesce(schedule_seconds, 900) + 900) * interval '1 second'
where last_success_at is not null;

comment on column cdd.accounts.schedule is 'The cron expression by which the account is read; null = no worker has saved it yet.';
comment on column cdd.accounts.schedule_timezone is 'The time zone of the schedule.';
comment on column cdd.accounts.next_due_at is 'When the first run after last_success_at is due; without a success, when the account was added or enabled again, because a worker reads it at once.';
comment on column cdd.accounts.stale_at is 'From when on the account is stale if no run succeeds before: the third due time after next_due_at, but at least 15 minutes after it; without a success, 15 minutes after it.';
comment on column cdd.accounts.schedule_seconds is 'Not read any more. Workers of version 0.1.0 write it.';
