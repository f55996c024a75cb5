// The rules for error texts that are kept without personal data. TypeScript applies them (scrubbed-text.ts), and so does
// Postgres: prisma/scripts/scrubbed-text.ts writes them into cdd.scrubbed_text. Together with the patterns of a batch they
// must be fewer than 32, of which Postgres keeps the compiled form for each session.
import {
  CAPITAL,
  either,
  HARMLESS,
  HARMLESS_PATH,
  LETTER,
  MARK,
  MONTH,
  PART,
  QUOTABLE,
  UNKNOWN,
  UUID,
  WORD,
} from './patterns.ts';
import { numberedKeys, personWords, streets, tellingKeys } from './words.ts';

/** `$1` in a replacement is the first group. */
export type Rule = { pattern: string; replacement: string; flags?: 'g' | 'gi' };

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
    pattern: `(?<![${WORD}])${either(numberedKeys)}[.:=]? ?[0-9](?:[ ./-]{0,2}[0-9])*`,
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
  {
    pattern:
      '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|[+-][0-9:]+)?|(?<![0-9/-])[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2}(?![0-9/-])',
    replacement: MARK,
  },
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
