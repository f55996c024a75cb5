import { z } from 'zod';
import { mustBe, wrappingHint } from './must-be.ts';

// Schemas of single values. Each has one message, which describes a right value and never repeats the given one.

/** A map with exactly these keys. */
export function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, mustBe('a map of keys and values'));
}

/** A list of such items. */
export const list = <Item extends z.core.SomeType>(item: Item) => z.array(item, mustBe('a list'));

/** true or false, as YAML reads them. */
export const flag = z.boolean(mustBe('true or false'));

const anyText = z.string(mustBe('text')).min(1, mustBe('text that is not empty'));

/** Text that is not empty, and that Postgres can store. */
export const text = anyText.refine((value) => !value.includes('\0'), mustBe('text without U+0000'));

/** A number in a range, both ends included. */
export const numberFrom = (min: number, max: number) => {
  const range = mustBe(`a number from ${min} to ${max}`);
  return z.number(range).min(min, range).max(max, range);
};

/** A number above 0, up to `max`. */
export const numberAboveZero = (max: number) => {
  const range = mustBe(`a number above 0, at most ${max}`);
  return z.number(range).positive(range).max(max, range);
};

/** A whole number; without `max`, any that a double holds exactly. */
export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const range = mustBe(
    max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
  );
  return z.int(range).min(min, range).max(max, range);
};

const accountIdRule = mustBe('P (production) or T (test) and eight digits, such as P12345678', idHint);
/** The id of a Dintero account. */
export const accountId = z.string(accountIdRule).regex(/^[PT]\d{8}$/, accountIdRule);

const partnerIdRule = mustBe("a partner's id: P or T, three digits and five zeros, such as P11200000", idHint);
/** The id of a partner's own account. */
export const partnerId = z.string(partnerIdRule).regex(/^[PT]\d{3}00000$/, partnerIdRule);

const statusRule = mustBe('a status as Dintero writes it, such as UNDER_MANUAL_REVIEW');
/** A case status. A pattern and not a list, because Dintero adds statuses. */
export const statusName = z.string(statusRule).regex(/^[A-Z][A-Z0-9_]*$/, statusRule);

/** A secret: text without anything around it, which no secret of Dintero has. */
export const secret = text.refine((value) => wrappingHint(value) === '', { error: ({ input }) => wrappingHint(input) });

/** The id of an API client. */
export const clientId = secret.refine((id) => !id.includes(':'), {
  error: 'has a colon, which ends the user in HTTP Basic authentication (RFC 7617); compare it with the id at Dintero',
});

/** The path of a file. */
export const filePath = anyText.refine((path) => !/\p{Cc}/u.test(path), {
  error:
    'has a line break or tab: in double quotes, \\n and \\t stand for these. Write a path of Windows in single quotes',
});

const urlRule = mustBe(
  'an http or https URL without user, password, ? and #, such as https://api.dintero.com/v1',
  urlHint,
);
/** A URL, without trailing slashes after parsing, so that paths can be appended. */
export const httpUrl = z
  .string(urlRule)
  .refine(isHttpUrl, urlRule)
  .transform((url) => url.replace(/\/+$/, ''));

function isHttpUrl(url: string): boolean {
  return /^https?:\/\/[^\s?#@]+$/.test(url) && URL.canParse(url);
}

function urlHint(input: unknown): string {
  return typeof input === 'string' && /^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)/.test(input) ? 'put https:// in front' : '';
}

function idHint(input: unknown): string {
  if (input === undefined) return 'each "- " begins a new entry';
  if (/^\d{8}$/.test(String(input))) return 'the letter in front is missing';
  if (typeof input === 'number') return 'the letter in front is missing; YAML also drops zeros in front of a number';
  return /^[pt]\d{8}$/.test(String(input)) ? 'the letter is a capital' : '';
}
