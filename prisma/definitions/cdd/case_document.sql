create or replace function cdd.case_document(account_id text, case_id uuid, known_at timestamptz default reporting.known_until())
returns jsonb
language sql
stable
parallel safe
return (
  select
    jsonb_set(
      revision.body,
      '{events}',
      coalesce(
        (
          select jsonb_agg(event_row.body order by listed.position)
          from jsonb_array_elements(revision.body -> 'events') with ordinality as listed (id, position)
          join cdd.case_events as event_row
            on event_row.account_id = case_document.account_id
            and event_row.case_id = case_document.case_id
            and event_row.id = listed.id::bigint
            and event_row.recorded_at <= case_document.known_at
            and (event_row.superseded_at is null or event_row.superseded_at > case_document.known_at)
        ),
        '[]'
      )
    ) || coalesce(
      (
        select jsonb_build_object(
          'erased_at', to_char(erased_case.erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        )
        from cdd.cases as erased_case
        where erased_case.account_id = case_document.account_id
          and erased_case.id = case_document.case_id
          and erased_case.erased_at is not null
      ),
      '{}'
    )
  from cdd.case_revisions as revision
  where revision.account_id = case_document.account_id
    and revision.case_id = case_document.case_id
    and revision.recorded_at <= case_document.known_at
    and (revision.superseded_at is null or revision.superseded_at > case_document.known_at)
);

comment on function cdd.case_document is 'A case''s document as the API gave it, as known at known_at; null = the case was unknown then, or missing from the list. Of an erased case, at any known_at, the part that stays (cdd.erased_document) and erased_at.';
