import type { z } from 'zod';

/**
 * The message of a value's schema: "must be", the expected value, and a hint at a known mistake. Neither may repeat the
 * given value.
 */
export function mustBe(expected: string, hintOf: (input: unknown) => string = () => '') {
  return {
    error: (issue: z.core.$ZodRawIssue) => {
      const missing = issue.input === undefined ? 'is missing; it ' : '';
      const hint = hintOf(issue.input) || wrappingHint(issue.input) || quotingHint(issue);
      return `${missing}must be ${expected}${hint === '' ? '' : `: ${hint}`}`;
    },
  };
}

/** Invisible or look-alike characters that come with text copied from a web page or a word processor. */
export const ODD_SPACE = /[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]/u;
const TYPOGRAPHIC_QUOTES = /^[“”„‟‘’‚«»].*[“”‟‘’«»]$/su;

/** A mistake around a text: spaces, quotes; empty if there is none. */
export function wrappingHint(input: unknown): string {
  if (typeof input !== 'string') return '';
  if (ODD_SPACE.test(input))
    return 'it contains a no-break or invisible space, as copied text often does; type it again';
  if (/[\r\n]/.test(input.trim())) return 'it has more than one line; is it the right variable or file?';
  if (input !== input.trim()) {
    return 'remove the space or line break at its beginning or end (Kubernetes secrets: printf, not echo)';
  }
  if (TYPOGRAPHIC_QUOTES.test(input)) return 'it is in typographic quotes; use straight ones';
  if (/^(["']).*\1$/s.test(input)) {
    return "the quotes are part of the value; remove one pair (docker's --env-file keeps quotes)";
  }
  return '';
}

function quotingHint(issue: z.core.$ZodRawIssue): string {
  if (issue.code !== 'invalid_type') return '';
  if (issue.expected === 'string') {
    return ['number', 'boolean'].includes(typeof issue.input) ? 'put it in quotes' : '';
  }
  if (issue.expected === 'boolean' && /^(yes|no|on|off)$/i.test(String(issue.input))) {
    return 'yes, no, on and off are texts';
  }
  if (issue.expected === 'array' && typeof issue.input === 'object') {
    return 'each entry begins with "- "';
  }
  const bare = ['number', 'int', 'boolean'].includes(issue.expected);
  return bare && typeof issue.input === 'string' ? `not text: no quotes, no \${NAME}` : '';
}
