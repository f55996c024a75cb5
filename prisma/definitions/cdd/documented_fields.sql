-- Written by npm run db:documented-fields from src/dintero/cases/schema.ts. Change that.
create or replace function cdd.documented_fields(document jsonb)
returns jsonb
language sql
immutable
parallel safe
return (
  select coalesce(jsonb_object_agg(field.name, field.kept) filter (where field.kept is not null), '{}')
  from (
    select
      field.name,
      case field.name
        when 'id' then case when jsonb_typeof(field.value) in ('string', 'null') then field.value end
        when 'case_for' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'object' then (
            select coalesce(jsonb_object_agg(case_for_field.name, case_for_field.kept) filter (where case_for_field.kept is not null), '{}')
            from (
              select
                case_for_field.name,
                case case_for_field.name
                  when 'account_id' then case when jsonb_typeof(case_for_field.value) in ('string', 'null') then case_for_field.value end
                  when 'payout_destination_id' then case when jsonb_typeof(case_for_field.value) in ('string', 'null') then case_for_field.value end
                  when 'payout_destination_name' then case when jsonb_typeof(case_for_field.value) in ('string', 'null') then case_for_field.value end
                  when 'payout_destination_description' then case when jsonb_typeof(case_for_field.value) in ('string', 'null') then case_for_field.value end
                  when 'payout_reference' then case when jsonb_typeof(case_for_field.value) in ('string', 'null') then case_for_field.value end
                end as kept
              from jsonb_each(field.value) as case_for_field (name, value)
            ) as case_for_field
          )
        end
        when 'products' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'array' then case when not jsonb_path_exists(field.value, 'strict $[*] ? (@.type() != "string")') then field.value end
        end
        when 'case_request' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'object' then (
            select coalesce(jsonb_object_agg(case_request_field.name, case_request_field.kept) filter (where case_request_field.kept is not null), '{}')
            from (
              select
                case_request_field.name,
                case case_request_field.name
                  when 'checks' then case jsonb_typeof(case_request_field.value)
                    when 'null' then case_request_field.value
                    when 'array' then case when not jsonb_path_exists(case_request_field.value, 'strict $[*] ? (@.type() != "string")') then case_request_field.value end
                  end
                  when 'countryCode' then case when jsonb_typeof(case_request_field.value) in ('string', 'null') then case_request_field.value end
                  when 'organizationNumber' then case when jsonb_typeof(case_request_field.value) in ('string', 'null') then case_request_field.value end
                  when 'requireContractSigning' then case when jsonb_typeof(case_request_field.value) in ('boolean', 'null') then case_request_field.value end
                  when 'callbackUrl' then case when jsonb_typeof(case_request_field.value) in ('string', 'null') then case_request_field.value end
                  when 'referenceId' then case when jsonb_typeof(case_request_field.value) in ('string', 'null') then case_request_field.value end
                end as kept
              from jsonb_each(field.value) as case_request_field (name, value)
            ) as case_request_field
          )
        end
        when 'account_id' then case when jsonb_typeof(field.value) in ('string', 'null') then field.value end
        when 'created_at' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'string' then case when field.value #>> '{}' ~ '^[0-9]{4}-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9](:[0-9][0-9](\.[0-9]{1,30})?)?([Zz]|[+-][0-9][0-9]:?[0-9][0-9])?$' then field.value end
        end
        when 'created_by' then case when jsonb_typeof(field.value) in ('string', 'null') then field.value end
        when 'updated_at' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'string' then case when field.value #>> '{}' ~ '^[0-9]{4}-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9](:[0-9][0-9](\.[0-9]{1,30})?)?([Zz]|[+-][0-9][0-9]:?[0-9][0-9])?$' then field.value end
        end
        when 'deleted_by' then case when jsonb_typeof(field.value) in ('string', 'null') then field.value end
        when 'deleted_at' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'string' then case when field.value #>> '{}' ~ '^[0-9]{4}-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9](:[0-9][0-9](\.[0-9]{1,30})?)?([Zz]|[+-][0-9][0-9]:?[0-9][0-9])?$' then field.value end
        end
        when 'package' then case when jsonb_typeof(field.value) in ('string', 'null') then field.value end
        when 'actions_on_approval' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'array' then case when not jsonb_path_exists(field.value, 'strict $[*] ? (@.type() != "string")') then field.value end
        end
        when 'payment_options' then case jsonb_typeof(field.value)
          when 'null' then field.value
          when 'array' then case when not jsonb_path_exists(field.value, 'strict $[*] ? (@.type() != "object")') then (
            select coalesce(jsonb_agg((
                select coalesce(jsonb_object_agg(payment_options_field.name, payment_options_field.kept) filter (where payment_options_field.kept is not null), '{}')
                from (
                  select
                    payment_options_field.name,
                    case payment_options_field.name
                      when 'currencies' then case jsonb_typeof(payment_options_field.value)
                        when 'null' then payment_options_field.value
                        when 'array' then case when not jsonb_path_exists(payment_options_field.value, 'strict $[*] ? (@.type() != "string")') then payment_options_field.value end
                      end
                      when 'type' then case when jsonb_typeof(payment_options_field.value) in ('string', 'null') then payment_options_field.value end
                    end as kept
                  from jsonb_each(payment_options_element.body) as payment_options_field (name, value)
                ) as payment_options_field
              ) order by payment_options_element.position), '[]')
            from jsonb_array_elements(field.value) with ordinality as payment_options_element (body, position)
          ) end
        end
        when 'events' then (
          select coalesce(jsonb_agg((
              select coalesce(jsonb_object_agg(event_field.name, event_field.kept) filter (where event_field.kept is not null), '{}')
              from (
                select
                  event_field.name,
                  case event_field.name
                    when 'id' then event_field.value
                    when 'request_id' then case when jsonb_typeof(event_field.value) in ('string', 'null') then event_field.value end
                    when 'event' then case when jsonb_typeof(event_field.value) in ('string', 'null') then event_field.value end
                    when 'created_at' then case jsonb_typeof(event_field.value)
                      when 'null' then event_field.value
                      when 'string' then case when event_field.value #>> '{}' ~ '^[0-9]{4}-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9](:[0-9][0-9](\.[0-9]{1,30})?)?([Zz]|[+-][0-9][0-9]:?[0-9][0-9])?$' then event_field.value end
                    end
                    when 'case_status' then case jsonb_typeof(event_field.value)
                      when 'null' then event_field.value
                      when 'string' then case when octet_length(event_field.value #>> '{}') <= 200 then event_field.value end
                    end
                    when 'error' then case jsonb_typeof(event_field.value)
                      when 'null' then event_field.value
                      when 'string' then to_jsonb(cdd.scrubbed_text(event_field.value #>> '{}'))
                    end
                    when 'created' then case jsonb_typeof(event_field.value)
                      when 'null' then event_field.value
                      when 'object' then (
                        select coalesce(jsonb_object_agg(created_field.name, created_field.kept) filter (where created_field.kept is not null), '{}')
                        from (
                          select
                            created_field.name,
                            case created_field.name
                              when 'case_id' then case when jsonb_typeof(created_field.value) in ('string', 'null') then created_field.value end
                            end as kept
                          from jsonb_each(event_field.value) as created_field (name, value)
                        ) as created_field
                      )
                    end
                  end as kept
                from jsonb_each(events_element.body) as event_field (name, value)
              ) as event_field
            ) order by events_element.position), '[]')
          from jsonb_array_elements(field.value) with ordinality as events_element (body, position)
        )
      end as kept
    from jsonb_each(document) as field (name, value)
  ) as field
);

comment on function cdd.documented_fields is 'A case''s document as it is stored with personalData: minimal: the documented fields with a value of the documented type, errors as cdd.scrubbed_text leaves them. Objects without documented fields (events[].case, case_request.details) and the signing link are left out.';
