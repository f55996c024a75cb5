-- With the columns that questions about the past read, the newest states of an account's cases are in one place: its rows
-- of cdd.cases lie on nearly as many pages. An update that leaves all these columns alone still writes no index entry.
-- Partial, because Prisma cannot describe included columns; the other index has the few cases that this one lacks.
drop index cdd.cases_account_id_status_since_idx;
create index cases_account_id_status_since_idx on cdd.cases (account_id, status_since)
include (id, status, opened_at, deleted_at, missing_since, state_recorded_at)
where status_since is not null;
create index cases_without_status_idx on cdd.cases (account_id, opened_at) where status_since is null;
