// The parts of which the rules for error texts are made (rules.ts). Regular expressions that JavaScript and Postgres read
// alike: no \b, \w, \d and \s, no lazy quantifiers, and the longer of two alternatives first.
import { harmlessWords, mixedWords, months, plainWords } from './words.ts';

/** Stands in place of a text that was removed. */
export const MARK = '…';

/** In characters. Longer texts are cut: an error is a sentence or two, no document. */
export const MAX_LENGTH = 500;

/**
 * The rules are applied until nothing changes, at most so often: what one pass leaves may look different in the next, and a
 * text that was scrubbed must stay as it is.
 */
export const MAX_PASSES = 5;

/** The end of a text that was cut: a number or an address may have been cut in two. */
export const TAIL = '(?: [^ ]*){1,4}$|^[^ ]*$';

/** Stands for the characters beyond U+FFFF, which the two write differently. */
export const BEYOND = '<beyond>';

/** Letters of other scripts, letters such as ž, combining accents, symbols: a word with one of them is taken for a name. */
const OTHER = String.raw`\u0100-\u1FFF\u2070-\u209F\u2100-\u218F\u2460-\u24FF\u2C00-\u2FFF\u3040-\uD7FF\uE000-\uFFEF${BEYOND}`;
/** Characters, for use in brackets: capitals, letters, letters and digits. */
export const CAPITAL = String.raw`A-Z\u00C0-\u00D6\u00D8-\u00DE${OTHER}`;
export const LETTER = String.raw`${CAPITAL}a-z\u00DF-\u00F6\u00F8-\u00FF`;
export const WORD = `${LETTER}0-9_`;

export const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const ACCOUNT = '[PT][0-9]{8}';

const capitalized = harmlessWords.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
/** KYC_TIMEOUT, ERROR, TimeoutError, Timeout. */
export const HARMLESS = [
  `(?:[A-Z0-9]+_)*${either(harmlessWords.map((word) => word.toUpperCase()))}(?:_[A-Z0-9]+)*`,
  `${either(capitalized)}+`,
  either(mixedWords),
].join('|');

/** Stays between quotes. */
export const QUOTABLE = `${HARMLESS}|${either(harmlessWords)}|${UUID}|${ACCOUNT}|[0-9]{1,3}|[ ,.]*${MARK}[ ,.]*`;

const CURRENCY = either(['NOK', 'SEK', 'DKK', 'EUR', 'USD', 'GBP', 'ISK', 'kr', 'øre']);
const UNIT = either([
  'milliseconds',
  'seconds',
  'minutes',
  'bytes',
  'hours',
  'days',
  'sec',
  'min',
  'ms',
  'kB',
  'KB',
  'MB',
  'GB',
  's',
]);
/** Below a million, so that no number of a person has that many digits. */
const AMOUNT = '(?:[0-9]{1,3}[ ,.][0-9]{3}|[0-9]{1,6})(?:[.,][0-9]{1,2})?';
/** Not in the middle of a number that is written in groups. */
const BEFORE_NUMBER = `(?<![${WORD}.,/-])(?<![0-9] )`;
const AFTER_NUMBER = `(?![${WORD}])(?![ .,/-]?[0-9])`;

export const MONTH = either(months);
/** A word in small letters that is not known to be harmless. */
export const UNKNOWN = `(?!${either([...harmlessWords, ...plainWords])}(?![${WORD}]))[${LETTER}][${LETTER}'-]*`;
export const PART = `[${LETTER}0-9]+`;
/** case_request.details, but not ola.nordmann. */
export const HARMLESS_PATH = `(?:${PART}[._])*${either([...harmlessWords, ...mixedWords])}(?:[._]${PART})*`;

/** Parts that stay as they are: ids, amounts, durations, HTTP status codes, numbered errors. */
export const KEPT = [
  `(?<![${WORD}-])${UUID}(?![${WORD}-])`,
  `(?<![${WORD}])${ACCOUNT}(?![${WORD}])`,
  `${BEFORE_NUMBER}${AMOUNT} ?${CURRENCY}(?![${WORD}])`,
  `(?<![${WORD}])${CURRENCY} ?${AMOUNT}${AFTER_NUMBER}`,
  `${BEFORE_NUMBER}[0-9]{1,7}(?:[.][0-9]{1,3})? ?${UNIT}(?![${WORD}])`,
  `(?<![${WORD}])(?:HTTP|http|Status|STATUS|status|Code|CODE|code)[ :=]{0,2}[1-5][0-9]{2}${AFTER_NUMBER}`,
  `(?<![${WORD}])(?:E[0-9]{3,4}|ERR[_-]?[0-9]{1,4}|HTTP[0-9]{3})(?![${WORD}])`,
].join('|');

/** An expression for any of the words; the longest first, since Postgres takes the longest and JavaScript the first. */
export function either(alternatives: readonly string[]): string {
  return `(?:${alternatives.toSorted((a, b) => b.length - a.length).join('|')})`;
}
