import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { type Instant, readInstant } from './instant.ts';
import { type Problem, problemsOf } from './problems.ts';

/** The fields whose changes are published, as text; a time as an instant. Null: not given, or not as documented. */
export type PublishedFields = Readonly<Record<string, string | Instant | null>>;

type Format = (value: unknown) => string | Instant | null;

const text: Format = String;
const list: Format = (value) => (Array.isArray(value) ? value.join(', ') : null);
const time: Format = (value) => readInstant(String(value))?.at ?? null;

const FIELDS: readonly [name: string, path: string, format: Format][] = [
  ['owner_account_id', 'account_id', text],
  ['case_for_account_id', 'case_for.account_id', text],
  ['payout_destination_id', 'case_for.payout_destination_id', text],
  ['payout_destination_name', 'case_for.payout_destination_name', text],
  ['payout_reference', 'case_for.payout_reference', text],
  ['products', 'products', list],
  ['checks', 'case_request.checks', list],
  ['country_code', 'case_request.countryCode', text],
  ['organization_number', 'case_request.organizationNumber', text],
  ['requires_contract_signing', 'case_request.requireContractSigning', text],
  ['reference_id', 'case_request.referenceId', text],
  ['package', 'package', text],
  ['actions_on_approval', 'actions_on_approval', list],
  ['payment_options', 'payment_options', jsonbText],
  ['created_at', 'created_at', time],
  ['updated_at', 'updated_at', time],
  ['deleted_at', 'deleted_at', time],
];

/** Reads the published fields of an item of a list. */
export function publishedFields(document: JsonObject): PublishedFields {
  const problems = problemsOf(document);
  return Object.fromEntries(
    FIELDS.map(([name, path, format]) => {
      const value = path
        .split('.')
        .reduce<unknown>((parent, part) => (isObject(parent) ? parent[part] : undefined), document);
      const isGiven = value !== undefined && value !== null && !problems.some((problem) => isOf(problem, path));
      return [name, isGiven ? format(value) : null];
    }),
  );
}

/** Whether a problem makes a field unreadable. A time without an offset, or without its colon, is read all the same. */
function isOf({ path, reason }: Problem, field: string): boolean {
  return path.replace(/\[\d+\]$/, '') === field && !reason.includes('found one without');
}

/** JSON as Postgres writes jsonb: shorter names first. */
function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).toSorted(
    (one, other) =>
      Buffer.byteLength(one) - Buffer.byteLength(other) || Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  return `{${names.map((name) => `${JSON.stringify(name)}: ${jsonbText(value[name])}`).join(', ')}}`;
}
