-- An allow-list. Values that a person or the platform chose go, also where the API documents a reference or a user id. A
-- document as it is stored in cdd.case_revisions has numbers in place of its events.
create or replace function cdd.erased_document(document jsonb)
returns jsonb
language sql
immutable
parallel safe
return case
  when document is not null then jsonb_strip_nulls(
    jsonb_build_object(
      'id', case when document ->> 'id' ~ '^[0-9A-Fa-f-]{36}$' then document -> 'id' end,
      'account_id', cdd.kept_account_id(document -> 'account_id'),
      'case_for', case jsonb_typeof(document -> 'case_for')
        when 'object' then jsonb_build_object('account_id', cdd.kept_account_id(document #> '{case_for,account_id}'))
      end,
      'case_request', case jsonb_typeof(document -> 'case_request')
        when 'object' then jsonb_build_object(
          'checks', cdd.kept_words(document #> '{case_request,checks}'),
          'countryCode', case
            when document #>> '{case_request,countryCode}' ~ '^([A-Z]{2,3}|[a-z]{2,3})$'
              then document #> '{case_request,countryCode}'
          end,
          'requireContractSigning', case jsonb_typeof(document #> '{case_request,requireContractSigning}')
            when 'boolean' then document #> '{case_request,requireContractSigning}'
          end
        )
      end,
      'products', cdd.kept_words(document -> 'products'),
      'package', cdd.kept_word(document -> 'package'),
      'actions_on_approval', cdd.kept_words(document -> 'actions_on_approval'),
      'payment_options', case jsonb_typeof(document -> 'payment_options')
        when 'array' then (
          select coalesce(
            jsonb_agg(
              jsonb_build_object(
                'type', cdd.kept_word(option.value -> 'type'),
                'currencies', cdd.kept_words(option.value -> 'currencies')
              )
              order by option.position
            ),
            '[]'
          )
          from jsonb_array_elements(document -> 'payment_options') with ordinality as option (value, position)
          where jsonb_typeof(option.value) = 'object'
        )
      end,
      'created_at', cdd.kept_time(document -> 'created_at'),
      'updated_at', cdd.kept_time(document -> 'updated_at'),
      'deleted_at', cdd.kept_time(document -> 'deleted_at'),
      'events', (
        select coalesce(
          jsonb_agg(
            case jsonb_typeof(event_row.body)
              when 'object' then cdd.erased_event(event_row.body)
              else event_row.body
            end
            order by event_row.position
          ),
          '[]'
        )
        from jsonb_array_elements(document -> 'events') with ordinality as event_row (body, position)
        where jsonb_typeof(event_row.body) in ('object', 'number')
      )
    )
  )
end;

comment on function cdd.erased_document is 'The part of a case''s document that stays when the case is erased: ids, statuses, times, and words of enumerations such as products and the country. Null = null was given.';
