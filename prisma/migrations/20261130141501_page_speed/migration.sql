-- For the pages' first questions. Each spares a pass over all cases.

-- Open cases by status: stays past their target, which are few among a million cases. Closed cases have no entry.
create index cases_open_status_idx on cdd.cases (status, account_id)
where status <> all (array['ACTIVE', 'ARCHIVED', 'DECLINED', 'TERMINATED']);

-- Approved cases by their last review: those that are due are the oldest.
create index cases_last_reviewed_idx on cdd.cases (last_reviewed_at) where approved_at is not null;

-- Times in the future, of which there are none or few. Rows of one page were written at about the same time.
create index cases_recorded_idx on cdd.cases
using brin (updated_at, changed_at, missing_since) with (pages_per_range = 32, autosummarize = on);

-- With the revision, so that an index tells which of these events have a newer one.
drop index cdd.event_revisions_superseded_idx;
create index event_revisions_superseded_idx on cdd.event_revisions (account_id, case_id, id, revision)
where superseded_at is not null;
