// CSV as RFC 4180 has it: commas, CRLF, quotation marks doubled.

/** Null is an empty field. Times are in UTC, because a local time in a spreadsheet does not show its zone. */
export type CsvValue = string | number | boolean | Date | null;

/** A number, time or JSON as Postgres printed it. It is no text from outside, so never a formula: -5 stays -5. */
export type Exact = { readonly exact: string };

/** Excel reads a CSV without it in the code page of Windows: Bjørk becomes BjÃ¸rk. Other programs leave it out. */
export const BYTE_ORDER_MARK = '\ufeff';

/** A text that a spreadsheet would run as a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/** One line, with its line end. */
export function csvLine(values: readonly (CsvValue | Exact)[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

function field(value: CsvValue | Exact): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return quotedIfNeeded(FORMULA.test(value) ? `'${value}` : value);
  return typeof value === 'object' ? quotedIfNeeded(value.exact) : String(value);
}

function quotedIfNeeded(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
