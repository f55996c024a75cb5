import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { readInstant } from './instant.ts';

/** A value that is not as documented. `path` begins at the value that was checked. */
export type Problem = { path: string; reason: string };

/** The first problem of a value; null if it has none. */
type Check = (value: unknown) => Problem | null;

const problem = (expected: string, found: string): Problem => ({
  path: '',
  reason: `expected ${expected}, found ${found}`,
});

const typed =
  (expected: string, isRight: (value: unknown) => boolean): Check =>
  (value) =>
    isRight(value) ? null : problem(expected, typeOf(value));

const isString = (value: unknown): value is string => typeof value === 'string';
const isText = typed('a string', isString);
const isAnObject = typed('an object', isObject);
const isBoolean = typed('a boolean', (value) => typeof value === 'boolean');
const isTexts = listOf(isText);
const isOptions = listOf(isAnObject);

function listOf(isElement: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return problem('an array', typeOf(value));
    const found = value.map(isElement);
    const index = found.findIndex((one) => one !== null);
    const first = found[index];
    return first ? { ...first, path: `[${index}]` } : null;
  };
}

function isStatus(value: unknown): Problem | null {
  if (!isString(value)) return isText(value);
  return new TextEncoder().encode(value).length <= 200
    ? null
    : problem('a string of at most 200 bytes', 'a longer one');
}

function isTime(value: unknown): Problem | null {
  const expected = 'an RFC 3339 date-time';
  if (!isString(value)) return problem(expected, typeOf(value));
  const read = readInstant(value);
  if (read === null) return problem(expected, 'a string');
  if (read.isUsual) return null;
  return problem(
    expected,
    /[+-]\d{4}$/.test(value) ? 'one without a colon in its offset' : 'one without an offset, read as UTC',
  );
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return isObject(value) ? 'an object' : `a ${typeof value}`;
}

const ofCase: Readonly<Record<string, Check>> = {
  case_for: isAnObject,
  'case_for.account_id': isText,
  'case_for.payout_destination_id': isText,
  'case_for.payout_destination_name': isText,
  'case_for.payout_destination_description': isText,
  'case_for.payout_reference': isText,
  products: isTexts,
  case_request: isAnObject,
  'case_request.checks': isTexts,
  'case_request.countryCode': isText,
  'case_request.organizationNumber': isText,
  'case_request.requireContractSigning': isBoolean,
  'case_request.details': isAnObject,
  'case_request.callbackUrl': isText,
  'case_request.referenceId': isText,
  account_id: isText,
  created_at: isTime,
  created_by: isText,
  updated_at: isTime,
  deleted_by: isText,
  deleted_at: isTime,
  package: isText,
  actions_on_approval: isTexts,
  payment_options: isOptions,
};

const ofEvent: Readonly<Record<string, Check>> = {
  request_id: isText,
  event: isText,
  created_at: isTime,
  case_status: isStatus,
  error: isText,
  case: isAnObject,
  created: isAnObject,
  'created.case_id': isText,
  'created.contract_url': isText,
};

const ofOption: Readonly<Record<string, Check>> = { type: isText, currencies: isTexts };

/** The fields that are not as documented; a list with a wrong element is named by that element. */
export function problemsOf(document: JsonObject): Problem[] {
  const events = Array.isArray(document.events) ? document.events.filter(isObject) : [];
  return [
    ...wrongFields(document, ofCase),
    ...optionsOf(document).flatMap((option, index) =>
      wrongFields(option, ofOption).map(({ path, reason }) => ({ path: `payment_options[${index}].${path}`, reason })),
    ),
    ...events.flatMap((event) =>
      wrongFields(event, ofEvent).map(({ path, reason }) => ({ path: `events[id=${event.id}].${path}`, reason })),
    ),
  ];
}

/** The options before the first that is no object: the list is unreadable from there on. */
function optionsOf({ payment_options: options }: JsonObject): JsonObject[] {
  if (!Array.isArray(options)) return [];
  const end = options.findIndex((option) => !isObject(option));
  return options.slice(0, end === -1 ? undefined : end).filter(isObject);
}

function wrongFields(object: JsonObject, checks: Readonly<Record<string, Check>>): Problem[] {
  return Object.entries(checks).flatMap(([path, check]) => {
    const value = path
      .split('.')
      .reduce<unknown>((parent, name) => (isObject(parent) ? parent[name] : undefined), object);
    const found = value === undefined || value === null ? null : check(value);
    return found === null ? [] : [{ path: path + found.path, reason: found.reason }];
  });
}
