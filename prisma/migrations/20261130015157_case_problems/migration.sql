create table cdd.case_problems (
  account_id text not null,
  case_id uuid not null,
  path text not null,
  reason text not null,
  recorded_at timestamptz(6) not null,
  superseded_at timestamptz(6),
  run_id uuid not null,
  constraint case_problems_pkey primary key (account_id, case_id, path, reason, recorded_at),
  constraint case_problems_superseded_check check (superseded_at >= recorded_at)
);
-- A batch asks whether its account has any, and data_quality counts them, also when all of a million are closed.
create index case_problems_current_idx on cdd.case_problems (account_id, case_id) where superseded_at is null;

comment on table cdd.case_problems is 'Values in the documents of cases that are not as the API documents them. Their columns are null; the documents are stored whole. Rows are added, or closed by setting superseded_at; one stays open while the same is true of later documents.';
comment on column cdd.case_problems.account_id is 'The account that has the case in its list.';
comment on column cdd.case_problems.case_id is 'The case''s id at Dintero.';
comment on column cdd.case_problems.path is 'Place in the document, an event by its id: events[id=7].created_at. Empty = the rest of a case with more than 100 problems.';
comment on column cdd.case_problems.reason is 'The type that was expected and the one that was found, never the value.';
comment on column cdd.case_problems.recorded_at is 'When we learned it.';
comment on column cdd.case_problems.superseded_at is 'When a document without it was read; null = current.';
comment on column cdd.case_problems.run_id is 'The run that recorded it; runs are kept for a limited time.';

-- Longer statuses are problems from now on, and make no transition. The next run derives the transitions of their cases
-- anew, but does not write events whose documents are unchanged.
update cdd.event_revisions
set status = null
where status in (select status from cdd.case_statuses where octet_length(status) > 200);
