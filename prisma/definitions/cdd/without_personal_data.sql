create or replace function cdd.without_personal_data(document jsonb)
returns jsonb
language sql
immutable
parallel safe
return jsonb_set(
  document #- '{case_request,details}',
  '{events}',
  coalesce(
    (
      select jsonb_agg((event_row.body - 'case') #- '{created,contract_url}' order by event_row.position)
      from jsonb_array_elements(document -> 'events') with ordinality as event_row (body, position)
    ),
    '[]'
  )
);

comment on function cdd.without_personal_data is 'A case''s document as it is stored with personalData: drop.';
