-- "return" binds all names when the function is created, so it needs no search_path, and Postgres can inline it.
create or replace function cdd.is_open_stage(stage text)
returns boolean
language sql
immutable
parallel safe
return coalesce(stage in ('applicant', 'review', 'error', 'unknown'), true);

comment on function cdd.is_open_stage is 'Whether somebody must still act on cases in a stage. Null is true: the stage of a case without a status.';
