import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';
import { readInstant } from './instant.ts';

const isText = (value: unknown) => typeof value === 'string';
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const isOptions = (value: unknown) => Array.isArray(value) && value.every(isObject);
const isStatus = (value: unknown) => typeof value === 'string' && new TextEncoder().encode(value).length <= 200;
const isTime = (value: unknown) => typeof value === 'string' && readInstant(value)?.isUsual === true;

type Check = (value: unknown) => boolean;

const ofCase: Readonly<Record<string, Check>> = {
  case_for: isObject,
  'case_for.account_id': isText,
  'case_for.payout_destination_id': isText,
  'case_for.payout_destination_name': isText,
  'case_for.payout_destination_description': isText,
  'case_for.payout_reference': isText,
  products: isTexts,
  case_request: isObject,
  'case_request.checks': isTexts,
  'case_request.countryCode': isText,
  'case_request.organizationNumber': isText,
  'case_request.requireContractSigning': (value) => typeof value === 'boolean',
  'case_request.details': isObject,
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
  case: isObject,
  created: isObject,
  'created.case_id': isText,
  'created.contract_url': isText,
};

/** The paths of fields that are not as documented; a list with a wrong element is named by that element. */
export function problemPaths(document: JsonObject): string[] {
  const events = Array.isArray(document.events) ? document.events.filter(isObject) : [];
  return [
    ...wrongPaths(document, ofCase),
    ...events.flatMap((event) => wrongPaths(event, ofEvent).map((path) => `events[id=${event.id}].${path}`)),
  ];
}

function wrongPaths(object: JsonObject, checks: Readonly<Record<string, Check>>): string[] {
  return Object.entries(checks).flatMap(([path, isRight]) => {
    const value = path
      .split('.')
      .reduce<unknown>((parent, name) => (isObject(parent) ? parent[name] : undefined), object);
    if (value === undefined || value === null || isRight(value)) return [];
    const isElement = isRight === isTexts ? isText : isRight === isOptions ? isObject : null;
    if (isElement === null || !Array.isArray(value)) return [path];
    return [`${path}[${value.findIndex((element) => !isElement(element))}]`];
  });
}
