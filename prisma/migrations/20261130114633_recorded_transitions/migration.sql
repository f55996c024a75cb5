-- The overview asks for the transitions that were recorded last. Rows are appended as time goes on, so a few pages say it.
create index status_transitions_recorded_idx on cdd.status_transitions
using brin (recorded_at) with (pages_per_range = 32, autosummarize = on);
