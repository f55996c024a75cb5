-- All forms that the parser reads (src/dintero/cases/timestamps.ts), and those that it corrects: without an offset, and
-- with one that has no colon.
create or replace function cdd.kept_time(value jsonb)
returns jsonb
language sql
immutable
parallel safe
return case
  when jsonb_typeof(value) = 'string'
    and (value #>> '{}') ~* '^\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(\.\d{1,30})?(z|[+-]\d\d:?\d\d)?$'
    then value
end;

comment on function cdd.kept_time is 'A value that stays when its case is erased because it is a time; null for any other value.';
