-- Where an object should be that has personal data and other fields, another value is dropped whole: nothing tells which
-- part of it is personal.
create or replace function cdd.without_personal_data(document jsonb)
returns jsonb
language sql
immutable
parallel safe
return jsonb_set(
  case jsonb_typeof(document -> 'case_request')
    when 'object' then document #- '{case_request,details}'
    when 'null' then document
    else document - 'case_request'
  end,
  '{events}',
  coalesce(
    (
      select
        jsonb_agg(
          case jsonb_typeof(event_row.body -> 'created')
            when 'object' then (event_row.body - 'case') #- '{created,contract_url}'
            when 'null' then event_row.body - 'case'
            else event_row.body - '{case,created}'::text[]
          end
          order by event_row.position
        )
      from jsonb_array_elements(document -> 'events') with ordinality as event_row (body, position)
    ),
    '[]'
  )
);

comment on function cdd.without_personal_data is 'A case''s document as it is stored with personalData: drop.';
