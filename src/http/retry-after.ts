// `Retry-After` (RFC 9110 section 10.2.3): seconds, or an HTTP date. Servers in the wild also send fractions of seconds
// and ISO dates. `Date.parse` alone would take "wait till 2090" for a date.

/** The three forms of RFC 9110 section 5.6.7, and ISO 8601 with its zone. */
const DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
];
/** The third form has no zone, and means GMT. */
const WITHOUT_ZONE = /\d{4}$/;

/** The headers of a response; an empty string for a missing one. */
export type RetryHeaders = { retryAfter: string; date: string };

/**
 * Milliseconds to wait; 0 for none, for the past, and for anything that is neither seconds nor a date. A date is
 * compared with the response's own `Date` header if there is one, because the server's clock may differ from ours.
 */
export function retryAfterMs({ retryAfter, date }: RetryHeaders, now: number): number {
  const value = retryAfter.trim();
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const until = parseDate(value);
  return until === null ? 0 : Math.max(0, until - (parseDate(date.trim()) ?? now));
}

/** Milliseconds since 1970; null if it is no date. */
function parseDate(text: string): number | null {
  if (!DATES.some((form) => form.test(text))) return null;
  const time = Date.parse(WITHOUT_ZONE.test(text) ? `${text} GMT` : text);
  return Number.isNaN(time) ? null : time;
}
