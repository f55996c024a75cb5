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
      select jsonb_agg((event.body - 'case') #- '{created,contract_url}' order by event.position)
      from jsonb_array_elements(document -> 'events') with ordinality as event (body, position)
    ),
    '[]'
  )
);

comment on function cdd.without_personal_data is 'A case''s document as it is stored with personalData: drop.';
