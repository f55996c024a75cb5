import { factColumns } from './case-facts.ts';

/**
 * Columns of cdd.cases that follow from the newest document, each with the SQL of its value. `input` is a row of
 * `input_fields` (readable-fields.ts); case-facts.ts explains the rows of facts.
 */
export const caseColumns: Readonly<Record<string, string>> = {
  owner_account_id: `input.fields ->> 'account_id'`,
  case_for_account_id: `input.fields #>> '{case_for,account_id}'`,
  payout_destination_id: `input.fields #>> '{case_for,payout_destination_id}'`,
  payout_destination_name: `input.fields #>> '{case_for,payout_destination_name}'`,
  payout_destination_description: `input.fields #>> '{case_for,payout_destination_description}'`,
  payout_reference: `input.fields #>> '{case_for,payout_reference}'`,
  products: texts('{products}'),
  checks: texts('{case_request,checks}'),
  country_code: `input.fields #>> '{case_request,countryCode}'`,
  organization_number: `input.fields #>> '{case_request,organizationNumber}'`,
  requires_contract_signing: `(input.fields #>> '{case_request,requireContractSigning}')::boolean`,
  reference_id: `input.fields #>> '{case_request,referenceId}'`,
  package: `input.fields ->> 'package'`,
  actions_on_approval: texts('{actions_on_approval}'),
  // Of the document, in which numbers are as they were sent.
  payment_options: `case when jsonb_typeof(input.fields -> 'payment_options') = 'array' then input.document -> 'payment_options' end`,
  created_at: `(input.fields ->> 'created_at')::timestamptz`,
  created_by: `input.fields ->> 'created_by'`,
  updated_at: `(input.fields ->> 'updated_at')::timestamptz`,
  deleted_at: `(input.fields ->> 'deleted_at')::timestamptz`,
  deleted_by: `input.fields ->> 'deleted_by'`,
  ...factColumns,
  opened_at: `coalesce(${factColumns.opened_at}, (input.fields ->> 'created_at')::timestamptz)`,
  last_error: 'last_error.error',
  last_error_at: 'last_error.occurred_at',
  fingerprint: 'input.fingerprint',
  content_hash: 'input.content_hash',
};

/** A text[] of the document; null where the document has no array. */
function texts(path: string): string {
  const value = `input.fields #> '${path}'`;
  return `case jsonb_typeof(${value}) when 'array' then array(select jsonb_array_elements_text(${value})) end`;
}
