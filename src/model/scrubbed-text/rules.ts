// The rules for error texts that are kept without personal data. TypeScript applies them (scrubbed-text.ts), and so does
// Postgres: prisma/scripts/scrubbed-text.ts writes them into cdd.scrubbed_text. They use only what both read alike: no
// \b, \w, \d and \s, no lazy quantifiers, and the longer of two alternatives first.
import {
  harmlessWords,
  mixedWords,
  months,
  numberedKeys,
  personWords,
  plainWords,
  streets,
  tellingKeys,
} from './words.ts';

/** `$1` in a replacement is the first group. */
export type Rule = { pattern: string; replacement: string; flags?: 'g' | 'gi' };

/** Stands in place of a text that was removed. */
export const MARK = '…';

/** In characters. Longer texts are cut: an error is a sentence or two, no document. */
export const MAX_LENGTH = 500;

/** The end of a text that was cut: a number or an address may have been cut in two. */
export const TAIL = '(?: [^ ]*){1,4}$|^[^ ]*$';

/** Stands for the characters beyond U+FFFF, which the two write differently. */
export const BEYOND = '<beyond>';

/** Letters of other scripts, letters such as ž, combining accents, symbols: a word with one of them is taken for a name. */
const OTHER = String.raw`\u0100-\u1FFF\u2070-\u209F\u2100-\u218F\u2460-\u24FF\u2C00-\u2FFF\u3040-\uD7FF\uE000-\uFFEF${BEYOND}`;
const CAPITAL = String.raw`A-Z\u00C0-\u00D6\u00D8-\u00DE${OTHER}`;
const LETTER = String.raw`${CAPITAL}a-z\u00DF-\u00F6\u00F8-\u00FF`;
const WORD = `${LETTER}0-9_`;

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const ACCOUNT = '[PT][0-9]{8}';

const capitalized = harmlessWords.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
/** KYC_TIMEOUT, ERROR, TimeoutError, Timeout. */
const HARMLESS = [
  `(?:[A-Z0-9]+_)*${either(harmlessWords.map((word) => word.toUpperCase()))}(?:_[A-Z0-9]+)*`,
  `${either(capitalized)}+`,
  either(mixedWords),
].join('|');

const QUOTABLE = `${HARMLESS}|${either(harmlessWords)}|${UUID}|${ACCOUNT}|[0-9]{1,3}|[ ,.]*${MARK}[ ,.]*`;

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

const MONTH = either(months);
/** A word in small letters that is not known to be harmless. */
const UNKNOWN = `(?!${either([...harmlessWords, ...plainWords])}(?![${WORD}]))[${LETTER}][${LETTER}'-]*`;
/** ola.nordmann, but no documented path: case_request.details. */
const PART = `[${LETTER}0-9]+`;
const HARMLESS_PATH = `(?:${PART}[._])*${either([...harmlessWords, ...mixedWords])}(?:[._]${PART})*`;

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

/** Other hyphens and quotes, and beside them those that the rules know. */
export const LOOK_ALIKES = ['‐‑‒–—―−`´‘’‚‛ʹʺʻʼʽʾʿ′«»“”„‟″', "-------'''''''''''''\"\"\"\"\"\"\""] as const;

/** For the whole text, before the parts that stay are set aside. */
export const preparing: readonly Rule[] = [
  // Invisible characters would cut a name in two.
  { pattern: String.raw`[\u00AD\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]+`, replacement: '' },
  {
    pattern: String.raw`[\u0001-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+`,
    replacement: ' ',
  },
  // Links and mail addresses.
  { pattern: '[^ ]*(?:://|@|%40|[([]at[)\\]]|:[0-9]+/)[^ ]*', replacement: MARK },
  {
    pattern: `(?<![${WORD}])(?:[${LETTER}0-9_-]+[.])+${either(['no', 'se', 'dk', 'fi', 'is', 'de', 'uk', 'com', 'net', 'org', 'io', 'eu', 'app', 'dev', 'info', 'name'])}(?![${WORD}])[^ ,;)]*`,
    replacement: MARK,
    flags: 'gi',
  },
  // Tokens: long, with letters and digits.
  {
    pattern:
      '(?=[A-Za-z0-9+/=~%._-]*[a-z])(?=[A-Za-z0-9+/=~%._-]*[0-9])(?<![A-Za-z0-9+/=~%._-])(?!' +
      `${UUID}(?![${WORD}-]))[A-Za-z0-9+/=~%._-]{20,}`,
    replacement: MARK,
  },
  {
    pattern: `((?<![${WORD}])[${WORD}.-]*${either(tellingKeys)}["']? ?[:=>] ?)[^,;)|}]{1,200}`,
    replacement: `$1${MARK}`,
    flags: 'gi',
  },
  // A number after such a word belongs to an address or tells a person.
  {
    pattern: `(?<![${WORD}])${either(numberedKeys)}[.:=]? ?[0-9][0-9 ]*`,
    replacement: MARK,
    flags: 'gi',
  },
  {
    pattern: `(?:(?:[${LETTER}.'-]+ ){0,2}|[${LETTER}'-]*)${either(streets)}[.]? [0-9]{1,4}(?: ?[A-Za-z])?(?![${WORD}])`,
    replacement: MARK,
    flags: 'gi',
  },
  {
    pattern: `((?<![${WORD}])${either(personWords)}(?: (?:is|was|er|var))?[.]? )${UNKNOWN}(?: ${UNKNOWN}){0,3}`,
    replacement: `$1${MARK}`,
    flags: 'gi',
  },
  { pattern: `(?<![${WORD}${MARK}])"(?!(?:${QUOTABLE})")[^"]{1,250}"`, replacement: `"${MARK}"` },
  { pattern: `(?<![${WORD}${MARK}])'(?!(?:${QUOTABLE})')[^']{1,250}'(?![${WORD}])`, replacement: `'${MARK}'` },
];

/** For what is between the parts that stay. */
export const redacting: readonly Rule[] = [
  { pattern: '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|[+-][0-9:]+)?', replacement: MARK },
  { pattern: '[0-9]{1,3}(?:[.][0-9]{1,3}){3}(?::[0-9]+)?', replacement: MARK },
  { pattern: '[0-9a-fA-F]*::[0-9a-fA-F:]*|[0-9a-fA-F]+(?::[0-9a-fA-F]+){3,}', replacement: MARK },
  {
    pattern: `(?<![${WORD}])(?:[0-9]{1,2}(?:[.]|st|nd|rd|th)? ?${MONTH}(?:[.]? ?[0-9]{2,4})?|${MONTH}(?: [0-9]{1,2}(?:st|nd|rd|th)?,?)? [0-9]{2,4})(?![${WORD}])`,
    replacement: MARK,
    flags: 'gi',
  },
  // Five digits or more, in groups too: phones, national ids, accounts, organization numbers, postcodes, dates.
  { pattern: '(?:[(][+]?[0-9]{1,4}[)] ?|[+])?[0-9](?:[ ()./-]{0,2}[0-9]){4,}', replacement: MARK },
  { pattern: '(?<![0-9.,])[0-9]{4}(?![0-9]|[.,][0-9])', replacement: MARK },
  {
    pattern: `(?<![${WORD}.])(?!(?:${HARMLESS}|${HARMLESS_PATH})(?![${WORD}]|[.][${WORD}]))[${LETTER}][${LETTER}0-9]*(?:[._]${PART})+`,
    replacement: MARK,
  },
  // A word with a capital that is not known to be harmless.
  { pattern: `(?<![${WORD}])(?!(?:${HARMLESS})(?![${WORD}]))[${WORD}]*[${CAPITAL}][${WORD}]*`, replacement: MARK },
  // The rest of what was removed: AB of a passport's number, -marie, d', 's, a house number, a postcode.
  { pattern: `[${WORD}'-]*${MARK}(?:['.-]?[${WORD}]+)*`, replacement: MARK },
  { pattern: `${MARK}[.,]{0,2} ?[0-9]{1,4}(?: ?[A-Za-z])?(?![${WORD}])`, replacement: MARK },
  { pattern: `(?<![${WORD}.,:-])[0-9]{1,4}[A-Za-z]?,? ${MARK}`, replacement: MARK },
  {
    pattern: `${MARK}(?: ${either(['van', 'von', 'de', 'der', 'den', 'af', 'av', 'da', 'di', 'del', 'della', 'la', 'le', 'bin', 'ibn', 'al', 'el', 'ten', 'ter', 'dos', 'du', 'zu', 'og', 'and', 'y'])}){1,3} ${MARK}`,
    replacement: MARK,
  },
  { pattern: `${MARK}(?:[ ,.'&/-]{0,3}${MARK})+`, replacement: MARK },
];

/** An expression for any of the words; the longest first, since Postgres takes the longest and JavaScript the first. */
function either(alternatives: readonly string[]): string {
  return `(?:${alternatives.toSorted((a, b) => b.length - a.length).join('|')})`;
}
