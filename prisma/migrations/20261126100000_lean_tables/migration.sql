-- What a row costs to write and to keep. docs/decisions.md, 39.

-- They repeat the primary keys but for the last column, were a third of all index entries that a first load writes, and
-- guarded against what the run's lock and the statements that save rule out: two rows of one thing that both hold now.
drop index cdd.case_revisions_current_key;
drop index cdd.case_events_current_key;
drop index cdd.status_transitions_current_key;

-- Nobody searches by these, and their statistics took most of an ANALYZE.
alter table cdd.case_revisions alter column body set statistics 0;
alter table cdd.case_events alter column body set statistics 0;
alter table cdd.case_events alter column contract_url set statistics 0;
alter table cdd.cases alter column fingerprint set statistics 0;
