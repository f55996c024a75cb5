import { factColumns } from './case-facts.ts';

/**
 * Columns of cdd.cases that follow from the newest document, each with the SQL of its value. `input` is a row of
 * `input_cases`; case-facts.ts explains the rows of facts.
 */
export const caseColumns: Readonly<Record<string, string>> = {
  owner_account_id: `input.document ->> 'account_id'`,
  case_for_account_id: `input.document #>> '{case_for,account_id}'`,
  payout_destination_id: `input.document #>> '{case_for,payout_destination_id}'`,
  payout_destination_name: `input.document #>> '{case_for,payout_destination_name}'`,
  payout_destination_description: `input.document #>> '{case_for,payout_destination_description}'`,
  payout_reference: `input.document #>> '{case_for,payout_reference}'`,
  products: texts('{products}'),
  checks: texts('{case_request,checks}'),
  country_code: `input.document #>> '{case_request,countryCode}'`,
  organization_number: `input.document #>> '{case_request,organizationNumber}'`,
  requires_contract_signing: `(input.document #>> '{case_request,requireContractSigning}')::boolean`,
  reference_id: `input.document #>> '{case_request,referenceId}'`,
  package: `input.document ->> 'package'`,
  actions_on_approval: texts('{actions_on_approval}'),
  payment_options: `nullif(input.document -> 'payment_options', 'null')`,
  created_at: `(input.document ->> 'created_at')::timestamptz`,
  created_by: `input.document ->> 'created_by'`,
  updated_at: `(input.document ->> 'updated_at')::timestamptz`,
  deleted_at: `(input.document ->> 'deleted_at')::timestamptz`,
  deleted_by: `input.document ->> 'deleted_by'`,
  ...factColumns,
  opened_at: `coalesce(${factColumns.opened_at}, (input.document ->> 'created_at')::timestamptz)`,
  last_error: 'last_error.error',
  last_error_at: 'last_error.occurred_at',
  fingerprint: 'input.fingerprint',
  content_hash: 'input.content_hash',
};

/** A text[] of the document; null where the document has no array. */
function texts(path: string): string {
  const value = `input.document #> '${path}'`;
  return `case jsonb_typeof(${value}) when 'array' then array(select jsonb_array_elements_text(${value})) end`;
}
