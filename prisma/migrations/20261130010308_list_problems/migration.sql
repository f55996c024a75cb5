alter table cdd.accounts add column etag_run_id uuid;
comment on column cdd.accounts.etag is 'ETag of the list as of the last run that read it whole, unless the guard held cases back; null = the next run reads the list.';
comment on column cdd.accounts.etag_run_id is 'The run that the API last answered with this list, or with 304. A 304 closes the next run with the problems of that one; null = the ETag is not used.';
comment on column cdd.accounts.last_success_at is 'When the last run that succeeded, or was partial because of rejected items, finished.';

alter table cdd.sync_runs
  drop constraint sync_runs_not_modified_check,
  drop constraint sync_runs_error_code_check,
  drop constraint sync_runs_error_check,
  add constraint sync_runs_not_modified_check check (
    not not_modified
    or (state in ('succeeded', 'partial') and cases_seen = 0 and cases_missing = 0 and not complete)
  ),
  add constraint sync_runs_error_code_check check (
    error_code in (
      'AUTH', 'FORBIDDEN', 'NOT_FOUND', 'RATE_LIMITED', 'HTTP', 'NETWORK', 'TIMEOUT', 'TRUNCATED', 'NOT_JSON',
      'DATABASE', 'MASS_DISAPPEARANCE', 'UNREADABLE_ITEM', 'ABANDONED', 'CANCELLED'
    )
  ),
  add constraint sync_runs_error_check check (
    case state
      when 'failed' then
        error_code is not null and error_code not in ('MASS_DISAPPEARANCE', 'UNREADABLE_ITEM', 'ABANDONED')
      when 'abandoned' then error_code is not null and error_code = 'ABANDONED'
      when 'partial' then error_code is null or error_code in ('MASS_DISAPPEARANCE', 'UNREADABLE_ITEM')
      else error_code is null
    end
    and (error_code is null) = (error_message is null)
  );
comment on column cdd.sync_runs.not_modified is 'The API answered 304: nothing was read, nothing has changed. State, items_rejected, missing_held_back and error are those of the list as it was read.';
comment on column cdd.sync_runs.items_rejected is 'Items of the list that cannot be read; see rejected_items.';
comment on column cdd.sync_runs.error_code is 'Why the run did not succeed; null on success, and on a run that is partial only because of rejected items whose ids can be read.';
