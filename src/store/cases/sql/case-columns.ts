import { factColumns } from './case-facts.ts';

/** A value of the document: its path as Postgres writes one, and the type of its column. */
type DocumentColumn = { path: string; type: 'text' | 'text[]' | 'boolean' | 'timestamptz' | 'jsonb' };

/**
 * The columns of the document that reports may show. prisma/scripts/changed-fields.ts makes cdd.changed_fields of them,
 * which reads earlier documents in the same way.
 */
const publishedColumns: Readonly<Record<string, DocumentColumn>> = {
  owner_account_id: { path: '{account_id}', type: 'text' },
  case_for_account_id: { path: '{case_for,account_id}', type: 'text' },
  payout_destination_id: { path: '{case_for,payout_destination_id}', type: 'text' },
  payout_destination_name: { path: '{case_for,payout_destination_name}', type: 'text' },
  payout_reference: { path: '{case_for,payout_reference}', type: 'text' },
  products: { path: '{products}', type: 'text[]' },
  checks: { path: '{case_request,checks}', type: 'text[]' },
  country_code: { path: '{case_request,countryCode}', type: 'text' },
  organization_number: { path: '{case_request,organizationNumber}', type: 'text' },
  requires_contract_signing: { path: '{case_request,requireContractSigning}', type: 'boolean' },
  reference_id: { path: '{case_request,referenceId}', type: 'text' },
  package: { path: '{package}', type: 'text' },
  actions_on_approval: { path: '{actions_on_approval}', type: 'text[]' },
  payment_options: { path: '{payment_options}', type: 'jsonb' },
  created_at: { path: '{created_at}', type: 'timestamptz' },
  updated_at: { path: '{updated_at}', type: 'timestamptz' },
  deleted_at: { path: '{deleted_at}', type: 'timestamptz' },
};

/** Columns of the document that no report shows: free text and persons. */
const privateColumns: Readonly<Record<string, DocumentColumn>> = {
  payout_destination_description: { path: '{case_for,payout_destination_description}', type: 'text' },
  created_by: { path: '{created_by}', type: 'text' },
  deleted_by: { path: '{deleted_by}', type: 'text' },
};

const documentColumns: Readonly<Record<string, string>> = {
  ...sqlOf(publishedColumns),
  ...sqlOf(privateColumns),
  currencies: `
    case jsonb_typeof(input.fields -> 'payment_options')
      when 'array' then array(
        select currency.code
        from jsonb_array_elements(input.fields -> 'payment_options') as option (body)
        cross join jsonb_array_elements_text(nullif(option.body -> 'currencies', 'null')) as currency (code)
        group by currency.code
        order by currency.code collate "C"
      )
    end`,
};

/**
 * Columns of cdd.cases that follow from the newest document, each with the SQL of its value. `input` is a row of
 * `input_fields` (readable-fields.ts); case-facts.ts explains the rows of facts.
 */
export const caseColumns: Readonly<Record<string, string>> = {
  ...documentColumns,
  ...factColumns,
  opened_at: `coalesce(${factColumns.opened_at}, (input.fields ->> 'created_at')::timestamptz)`,
  last_error: 'last_error.error',
  last_error_at: 'last_error.occurred_at',
  fingerprint: 'input.fingerprint',
  content_hash: 'input.content_hash',
};

/** The columns of which an erasure may remove a value; the times of a case always stay. */
export const erasableColumns: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(documentColumns).filter(([name]) => !['created_at', 'updated_at', 'deleted_at'].includes(name)),
);

/** The published columns of the row `alias`, each with the SQL of its value as text. */
export function publishedTexts(alias: string): [column: string, text: string][] {
  return Object.entries(publishedColumns).map(([name, column]) => [name, sqlOfText(column, alias)]);
}

function sqlOf(columns: Readonly<Record<string, DocumentColumn>>): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, sqlOfValue(column, 'input')]));
}

/** The value in the row `alias`: `fields` has no value of a wrong type. */
function sqlOfValue({ path, type }: DocumentColumn, alias: string): string {
  const value = `${alias}.fields #> '${path}'`;
  const text = `${alias}.fields #>> '${path}'`;
  if (type === 'text') return text;
  if (type === 'text[]')
    return `case jsonb_typeof(${value}) when 'array' then array(select jsonb_array_elements_text(${value})) end`;
  // Of the document, in which numbers are as they were sent.
  if (type === 'jsonb') return `case jsonb_typeof(${value}) when 'array' then ${alias}.document #> '${path}' end`;
  return `(${text})::${type}`;
}

/** The same as text: lists are separated by commas, times are in UTC. */
function sqlOfText(column: DocumentColumn, alias: string): string {
  const value = sqlOfValue(column, alias);
  if (column.type === 'text[]') return `array_to_string(${value}, ', ')`;
  if (column.type === 'jsonb') return `(${value})::text`;
  // Not a cast, which would write the session's time zone.
  if (column.type === 'timestamptz')
    return `rtrim(rtrim(to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'`;
  return `${alias}.fields #>> '${column.path}'`;
}
