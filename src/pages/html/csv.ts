// CSV as RFC 4180 has it: commas, CRLF, quotation marks doubled.

/** Null is an empty field. Times are in UTC, because a local time in a spreadsheet does not show its zone. */
export type CsvValue = string | number | boolean | Date | null;

/** A text that a spreadsheet would run as a formula (OWASP, "CSV Injection"). Numbers are exempt: -5 is no formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line, with its line end. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

function field(value: CsvValue): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
