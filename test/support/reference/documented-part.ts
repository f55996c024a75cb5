import { caseFields, type Documented, eventFields, type Fields, isList } from '../../../src/dintero/cases/schema.ts';
import { scrubText } from '../../../src/model/scrubbed-text.ts';
import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';

const TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,30})?)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;

/** The document as it is stored with `personalData: minimal`. */
export function documentedPart(document: JsonObject): JsonObject {
  const events = Array.isArray(document.events) ? document.events.filter(isObject) : [];
  return {
    ...objectPart({ ...document, id: undefined }, caseFields),
    id: document.id,
    events: events.map((event) => {
      const { created, ...part } = objectPart(event, eventFields);
      const { error } = part;
      return {
        ...part,
        id: event.id,
        ...(typeof error === 'string' && { error: scrubText(error) }),
        ...(isObject(created) && { created: 'case_id' in created ? { case_id: created.case_id } : {} }),
        ...(created === null && { created }),
      };
    }),
  };
}

function objectPart(object: JsonObject, fields: Fields): JsonObject {
  const part: JsonObject = {};
  for (const [name, documented] of Object.entries(fields)) {
    const value = object[name];
    const isFreeForm = isFields(documented) && Object.keys(documented).length === 0;
    if (value === undefined || isFreeForm) continue;
    if (value === null) part[name] = null;
    else if (isOfType(value, documented)) part[name] = partOf(value, documented);
  }
  return part;
}

function partOf(value: unknown, documented: Documented): unknown {
  if (Array.isArray(value) && typeof documented !== 'string' && isList(documented))
    return value.map((element) => partOf(element, documented[0]));
  return isObject(value) && isFields(documented) ? objectPart(value, documented) : value;
}

function isOfType(value: unknown, documented: Documented): boolean {
  if (isFields(documented)) return isObject(value);
  if (typeof documented !== 'string')
    return Array.isArray(value) && value.every((element) => isOfType(element, documented[0]));
  if (documented === 'boolean') return typeof value === 'boolean';
  if (typeof value !== 'string') return false;
  if (documented === 'date-time') return TIME.test(value);
  return documented === 'string' || Buffer.byteLength(value) <= 200;
}

function isFields(documented: Documented): documented is Fields {
  return typeof documented !== 'string' && !isList(documented);
}
