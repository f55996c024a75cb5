-- Reports ask which fields changed of late. Not of first revisions, so a first load does not pay for it.
create index case_revisions_changed_idx on cdd.case_revisions (recorded_at) where revision > 1;
