// Finds JSON that Postgres cannot store as jsonb. Without this check such an item would fail its batch, in every run;
// with it only the item is rejected.

import type { Problem } from '../../model/case.ts';

/** Far above any real document, far below a stack overflow. */
export const MAX_DEPTH = 512;
const MAX_DIGITS = 1000;
const MAX_EXPONENT = 1000;

const ESCAPE_LENGTH = '\\u0000'.length;
// The two searches may match a valid document, but never miss an invalid one.
const SUSPECT_ESCAPE = /\\u(?:00[0-7]|d[89a-f])/i;
const SUSPECT_NUMBER = /[:,[ \n\r\t]-?\d(?:[\d.]{1000}|[\d.]*e[+-]?\d{4})/i;

/** A parsed document, and the problem that its JS value does not show; null if there is none. */
export type CheckedDocument = {
  text: string;
  value: unknown;
  problem: Problem | null;
};

/**
 * Parses JSON text and checks it for jsonb. Throws a SyntaxError with a message that quotes the text. Two
 * fast searches find no suspect in nearly every document; the exact check of the others is several times slower.
 */
export function readDocument(text: string): CheckedDocument {
  const value: unknown = JSON.parse(text);
  // Most documents have no escape at all, and a search for two characters is several times faster than the pattern.
  const isSuspect = (text.includes('\\u') && SUSPECT_ESCAPE.test(text)) || SUSPECT_NUMBER.test(text);
  if (!isSuspect) return { text, value, problem: null };
  // Checks the text, because the value has only the last of two equal keys, and jsonb reads both.
  const reason = textProblem(text) ?? numberProblem(text);
  return { text, value, problem: reason === null ? null : { path: '', reason } };
}

function textProblem(text: string): string | null {
  /** Index of a high surrogate that a low one must follow; NaN if there is none. */
  let highIndex = Number.NaN;
  for (const { index, 1: hex } of text.matchAll(/\\(?:u([\da-f]{4})|.)/gis)) {
    const unit = Number.parseInt(hex ?? '', 16);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (unit === 0) return unstorableText('U+0000', index);
    if (isLow && highIndex + ESCAPE_LENGTH !== index) return unstorableText('half a surrogate pair', index);
    if (!isLow && !Number.isNaN(highIndex)) return unstorableText('half a surrogate pair', highIndex);
    highIndex = unit >= 0xd800 && unit < 0xdc00 ? index : Number.NaN;
  }
  return Number.isNaN(highIndex) ? null : unstorableText('half a surrogate pair', highIndex);
}

function unstorableText(found: string, index: number): string {
  return `expected text that Postgres can store, found ${found} at character ${index + 1}`;
}

function numberProblem(text: string): string | null {
  for (const [number, exponent = '0'] of withoutStrings(text).matchAll(/-?\d[\d.]*(?:e([+-]?\d+))?/gi)) {
    if (number.length > MAX_DIGITS || Math.abs(Number(exponent)) > MAX_EXPONENT) {
      return `expected numbers of at most ${MAX_DIGITS} digits, found a longer or larger one`;
    }
  }
  return null;
}

// By hand, because regular expressions for a string overflow the stack on strings of a few megabytes.
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
