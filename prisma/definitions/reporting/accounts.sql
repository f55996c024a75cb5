create or replace view reporting.accounts with (security_barrier) as
select
  account.id as account_id,
  -- A discovered merchant's label is its business name.
  case when (select sees_names from cdd.current_reader) or account.partner_id is null then account.label end as account_label,
  account.environment,
  account.partner_id,
  account.enabled,
  account.paused_since,
  account.pause_reason,
  account.first_read_at,
  account.last_success_at,
  case when account.enabled and account.paused_since is null then account.next_due_at end as next_due_at,
  coalesce(counted.cases, 0) as cases,
  coalesce(counted.open_cases, 0) as open_cases,
  (
    select coalesce(pause.paused_by, pause.paused_role)
    from cdd.account_pauses as pause
    where pause.account_id = account.id and pause.resumed_at is null
  ) as paused_by
from cdd.accounts as account
left join (
  select account_id, count(*)::integer as cases, (count(*) filter (where is_open))::integer as open_cases
  from reporting.cases
  group by account_id
) as counted on counted.account_id = account.id
where (select sees_all from cdd.current_reader)
  or account.id in (select account_id from cdd.granted_accounts);

comment on view reporting.accounts is 'One row per account that was ever synced, disabled ones included. Fresh: now; the numbers of cases as saved by the account''s last run.';
comment on column reporting.accounts.account_id is 'Dintero''s account id (aid).';
comment on column reporting.accounts.account_label is 'The account''s name in the configuration; null = none was given, or it is the account of a partner''s merchant and you may not see names.';
comment on column reporting.accounts.environment is 'test for account ids that begin with T, production for P.';
comment on column reporting.accounts.partner_id is 'The partner whose credentials read the account; null = it has its own.';
comment on column reporting.accounts.enabled is 'Whether the account is synced: it is in the configuration, or a merchant of a partner in it.';
comment on column reporting.accounts.paused_since is 'Since when its runs are paused (cdd-sync pause); null = they are not.';
comment on column reporting.accounts.pause_reason is 'Why its runs are paused; null = they are not.';
comment on column reporting.accounts.first_read_at is 'When the first run finished that read the whole list; null = there was none. For accounts older than this column: as far as it is still known.';
comment on column reporting.accounts.last_success_at is 'When the last such run finished; null = there was none.';
comment on column reporting.accounts.next_due_at is 'When the next run is due; in the past if it is late. Null = the account is disabled or paused.';
comment on column reporting.accounts.cases is 'Rows of the account in cases, gone ones included.';
comment on column reporting.accounts.open_cases is 'Of these, the open ones (is_open).';
comment on column reporting.accounts.paused_by is 'Login name of the user who paused it, else the database user; null = it is not paused.';
