// What JSON allows and Postgres' jsonb refuses: found here, it costs one item; found there, it would fail the batch
// that the item is in, and do so in every run again.

/** Where and why a document cannot be stored. */
export type Problem = { path: string; reason: string };

/** Deeper nesting is refused: far above any real document, far below what overflows a stack. */
export const DEEPEST = 512;
const MOST_DIGITS = 1000;
const LARGEST_EXPONENT = 1000;

const ESCAPE_LENGTH = '\\u0000'.length;
const ESCAPE = /\\u(?:00[0-7]|d[89a-f])/i;
const NUMBER = /[:,[ \n\r\t]-?\d(?:[\d.]{1000}|[\d.]*e[+-]?\d{4})/i;

/** A document, and what its JS value does not tell of it. */
export type Reading = {
  value: unknown;
  problem: Problem | null;
};

/**
 * Reads JSON text and finds what jsonb refuses. Raises a SyntaxError, whose message quotes the text.
 * Searches clear nearly every document. A hit may be harmless and is looked into, several times slower; a miss is
 * certain.
 */
export function readDocument(text: string): Reading {
  const value: unknown = JSON.parse(text);
  // Most documents have no such escape at all, and to search for two characters is several times faster.
  const isSuspect = (text.includes('\\u') && ESCAPE.test(text)) || NUMBER.test(text);
  if (!isSuspect) return { value, problem: null };
  // In the text, not in the value: of a key that is there twice the value knows one, and jsonb reads both.
  const reason = textProblem(text) ?? numberProblem(text);
  return { value, problem: reason === null ? null : { path: '', reason } };
}

function textProblem(text: string): string | null {
  let highAt = Number.NaN;
  for (const { index, 1: hex } of text.matchAll(/\\(?:u([\da-f]{4})|.)/gis)) {
    const unit = Number.parseInt(hex ?? '', 16);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (unit === 0) return unstorableText('U+0000', index);
    if (isLow && highAt + ESCAPE_LENGTH !== index) return unstorableText('half a surrogate pair', index);
    if (!isLow && !Number.isNaN(highAt)) return unstorableText('half a surrogate pair', highAt);
    highAt = unit >= 0xd800 && unit < 0xdc00 ? index : Number.NaN;
  }
  return Number.isNaN(highAt) ? null : unstorableText('half a surrogate pair', highAt);
}

function unstorableText(what: string, index: number): string {
  return `expected text that Postgres can store, found ${what} at character ${index + 1}`;
}

function numberProblem(text: string): string | null {
  for (const [number, exponent = '0'] of withoutStrings(text).matchAll(/-?\d[\d.]*(?:e([+-]?\d+))?/gi)) {
    if (number.length > MOST_DIGITS || Math.abs(Number(exponent)) > LARGEST_EXPONENT) {
      return `expected numbers of at most ${MOST_DIGITS} digits, found a longer or larger one`;
    }
  }
  return null;
}

// By hand, because every regular expression for a string overflows the stack on some string of a few megabytes.
function withoutStrings(text: string): string {
  const between: string[] = [];
  let at = 0;
  for (let quote = text.indexOf('"'); quote !== -1; quote = text.indexOf('"', at)) {
    between.push(text.slice(at, quote));
    at = quote + 1;
    while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
    at += 1;
  }
  return [...between, text.slice(at)].join('""');
}
