import { isObject, type JsonObject } from '../../../src/sandbox/json.ts';

/** The document as it is stored with `personalData: drop`. A value of another type is dropped where an object should be. */
export function withoutPersonalData(document: JsonObject): JsonObject {
  const events = Array.isArray(document.events) ? document.events.filter(isObject) : [];
  return {
    ...withoutField(document, 'case_request', 'details'),
    events: events.map((event) => {
      const { case: _, ...rest } = event;
      return withoutField(rest, 'created', 'contract_url');
    }),
  };
}

function withoutField(object: JsonObject, name: string, field: string): JsonObject {
  const { [name]: value, ...rest } = object;
  if (value === undefined) return rest;
  if (value === null) return { ...rest, [name]: null };
  if (!isObject(value)) return rest;
  const { [field]: _, ...kept } = value;
  return { ...rest, [name]: kept };
}
