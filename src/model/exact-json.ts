// JSON whose numbers keep all their digits. ECMAScript's rawJSON and the source of a number are in Node 24, but not yet
// in the types of TypeScript.
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  }
}

/** Parsed JSON that JSON.stringify writes with the same numbers, also those that JavaScript would round. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value,
  );
}
