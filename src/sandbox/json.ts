export type JsonObject = { [key: string]: unknown };

/** Whether the value is a JSON object, so no array and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same object with the keys in reverse order at every level: different bytes, equal as JSON. */
export function withKeysReversed(object: JsonObject): JsonObject {
  const entries = Object.entries(object).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversedInside(inner)]));
}

function reversedInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedInside);
  return isObject(value) ? withKeysReversed(value) : value;
}
