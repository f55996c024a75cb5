-- A status stays whatever it is: every report counts it.
create or replace function cdd.erased_event(event jsonb)
returns jsonb
language sql
immutable
parallel safe
return jsonb_strip_nulls(
  jsonb_build_object(
    'id', event -> 'id',
    'event', cdd.kept_word(event -> 'event'),
    'case_status', case
      when jsonb_typeof(event -> 'case_status') = 'string' and octet_length(event ->> 'case_status') <= 200
        then event -> 'case_status'
    end,
    'created_at', cdd.kept_time(event -> 'created_at')
  )
);

comment on function cdd.erased_event is 'The part of an event that stays when its case is erased.';
