-- Written by npm run db:changed-fields from src/store/cases/sql/case-columns.ts. Change that.
-- "begin atomic", so that Postgres can inline it into the views.
create or replace function cdd.changed_fields(
  earlier_document jsonb, earlier_fields jsonb, later_document jsonb, later_fields jsonb
)
returns table (field text, old_value text, new_value text)
language sql
stable
parallel safe
begin atomic
  select column_row.field, column_row.old_value, column_row.new_value
  from (select earlier_document, earlier_fields) as earlier_row (document, fields)
  cross join (select later_document, later_fields) as later_row (document, fields)
  cross join lateral (
    values
      ('updated_at', rtrim(rtrim(to_char((earlier_row.fields #>> '{updated_at}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z', rtrim(rtrim(to_char((later_row.fields #>> '{updated_at}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z')
    union all
    select other_row.column1, other_row.column2, other_row.column3
    from (
      values
        ('owner_account_id', earlier_row.fields #>> '{account_id}', later_row.fields #>> '{account_id}'),
        ('case_for_account_id', earlier_row.fields #>> '{case_for,account_id}', later_row.fields #>> '{case_for,account_id}'),
        ('payout_destination_id', earlier_row.fields #>> '{case_for,payout_destination_id}', later_row.fields #>> '{case_for,payout_destination_id}'),
        ('payout_destination_name', earlier_row.fields #>> '{case_for,payout_destination_name}', later_row.fields #>> '{case_for,payout_destination_name}'),
        ('payout_reference', earlier_row.fields #>> '{case_for,payout_reference}', later_row.fields #>> '{case_for,payout_reference}'),
        ('products', array_to_string(case jsonb_typeof(earlier_row.fields #> '{products}') when 'array' then array(select jsonb_array_elements_text(earlier_row.fields #> '{products}')) end, ', '), array_to_string(case jsonb_typeof(later_row.fields #> '{products}') when 'array' then array(select jsonb_array_elements_text(later_row.fields #> '{products}')) end, ', ')),
        ('checks', array_to_string(case jsonb_typeof(earlier_row.fields #> '{case_request,checks}') when 'array' then array(select jsonb_array_elements_text(earlier_row.fields #> '{case_request,checks}')) end, ', '), array_to_string(case jsonb_typeof(later_row.fields #> '{case_request,checks}') when 'array' then array(select jsonb_array_elements_text(later_row.fields #> '{case_request,checks}')) end, ', ')),
        ('country_code', earlier_row.fields #>> '{case_request,countryCode}', later_row.fields #>> '{case_request,countryCode}'),
        ('organization_number', earlier_row.fields #>> '{case_request,organizationNumber}', later_row.fields #>> '{case_request,organizationNumber}'),
        ('requires_contract_signing', earlier_row.fields #>> '{case_request,requireContractSigning}', later_row.fields #>> '{case_request,requireContractSigning}'),
        ('reference_id', earlier_row.fields #>> '{case_request,referenceId}', later_row.fields #>> '{case_request,referenceId}'),
        ('package', earlier_row.fields #>> '{package}', later_row.fields #>> '{package}'),
        ('actions_on_approval', array_to_string(case jsonb_typeof(earlier_row.fields #> '{actions_on_approval}') when 'array' then array(select jsonb_array_elements_text(earlier_row.fields #> '{actions_on_approval}')) end, ', '), array_to_string(case jsonb_typeof(later_row.fields #> '{actions_on_approval}') when 'array' then array(select jsonb_array_elements_text(later_row.fields #> '{actions_on_approval}')) end, ', ')),
        ('payment_options', (case jsonb_typeof(earlier_row.fields #> '{payment_options}') when 'array' then earlier_row.document #> '{payment_options}' end)::text, (case jsonb_typeof(later_row.fields #> '{payment_options}') when 'array' then later_row.document #> '{payment_options}' end)::text),
        ('created_at', rtrim(rtrim(to_char((earlier_row.fields #>> '{created_at}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z', rtrim(rtrim(to_char((later_row.fields #>> '{created_at}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'),
        ('deleted_at', rtrim(rtrim(to_char((earlier_row.fields #>> '{deleted_at}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z', rtrim(rtrim(to_char((later_row.fields #>> '{deleted_at}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z')
    ) as other_row
    -- Most versions of a document differ in these two only. Three times as fast.
    where earlier_row.document - '{events,updated_at}'::text[]
      is distinct from later_row.document - '{events,updated_at}'::text[]
  ) as column_row (field, old_value, new_value)
  where column_row.old_value is distinct from column_row.new_value;
end;

comment on function cdd.changed_fields is 'The published columns of a case that differ between two of its documents, each with both values as text. fields: the document without values that are not as documented.';
