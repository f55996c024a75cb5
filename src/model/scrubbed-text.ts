import { BEYOND, KEPT, MARK, MAX_LENGTH, MAX_PASSES, TAIL } from './scrubbed-text/patterns.ts';
import { LOOK_ALIKES, preparing, type Rule, redacting } from './scrubbed-text/rules.ts';

type Compiled = { expression: RegExp; replacement: string };

const compiled = (rules: readonly Rule[]): Compiled[] =>
  rules.map(({ pattern, replacement, flags = 'g' }) => ({ expression: expressionOf(pattern, flags), replacement }));
const [lookAlikes, plain] = LOOK_ALIKES.map((characters) => [...characters]);
const lookAlike = new RegExp(`[${LOOK_ALIKES[0]}]`, 'gu');
const preparers = compiled(preparing);
const redactors = compiled(redacting);
const kept = expressionOf(`(${KEPT})`, '');
const tail = expressionOf(TAIL, '');

/**
 * The text without anything that looks like a name, a number, an address or a link; each is replaced by `…`. Ids, error
 * codes, status words, amounts and words in small letters stay. cdd.scrubbed_text is the same in Postgres.
 */
export function scrubText(text: string): string {
  let scrubbed = scrubOnce(shortened(text));
  for (let pass = 2; pass <= MAX_PASSES; pass += 1) {
    const next = scrubOnce(scrubbed);
    if (next === scrubbed) break;
    scrubbed = next;
  }
  return scrubbed;
}

function shortened(text: string): string {
  const characters = Array.from(text.slice(0, 2 * MAX_LENGTH + 2));
  const start = characters.slice(0, MAX_LENGTH).join('');
  return characters.length > MAX_LENGTH ? start.replace(tail, ` ${MARK}`) : start;
}

function scrubOnce(text: string): string {
  const plainText = text.replace(lookAlike, (character) => plain?.[lookAlikes?.indexOf(character) ?? 0] ?? character);
  const parts = replaceAll(plainText, preparers).split(kept);
  // Every second part is one that stays.
  return parts.map((part, index) => (index % 2 === 1 ? part : replaceAll(part, redactors))).join('');
}

function replaceAll(text: string, rules: readonly Compiled[]): string {
  return rules.reduce((rest, { expression, replacement }) => rest.replace(expression, replacement), text);
}

function expressionOf(pattern: string, flags: string): RegExp {
  return new RegExp(pattern.replaceAll(BEYOND, String.raw`\u{10000}-\u{10FFFF}`), `${flags}u`);
}
