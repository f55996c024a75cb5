import { validate as validateCron } from 'node-cron';
import { z } from 'zod';

// What a single value may be. Each says what would be right, whichever of its checks fails, and none repeats the value.

/** The error of a value: `what` completes the sentence "must be …". */
export function must(what: string) {
  return {
    error: (issue: z.core.$ZodRawIssue) =>
      `${issue.input === undefined ? 'is missing; it ' : ''}must be ${what}${quotingHint(issue)}`,
  };
}

function quotingHint(issue: z.core.$ZodRawIssue): string {
  if (issue.code !== 'invalid_type') return '';
  if (issue.expected === 'string') {
    return ['number', 'boolean'].includes(typeof issue.input) ? ': put it in quotes' : '';
  }
  const bare = ['number', 'int', 'boolean'].includes(issue.expected);
  return bare && typeof issue.input === 'string' ? `, not text: no quotes, no \${NAME}` : '';
}

/** A map with these keys and no others. */
export function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, must('a map of keys and values'));
}

export const list = <Item extends z.core.SomeType>(item: Item) => z.array(item, must('a list'));

export const flag = z.boolean(must('true or false'));

export const text = z.string(must('text')).min(1, must('text that is not empty'));

/** Any number from `min` to `max`. */
export const numberFrom = (min: number, max: number) => {
  const range = must(`a number from ${min} to ${max}`);
  return z.number(range).min(min, range).max(max, range);
};

/** Any number above 0, up to `max`. */
export const numberAboveZero = (max: number) => {
  const range = must(`a number above 0, at most ${max}`);
  return z.number(range).positive(range).max(max, range);
};

/** A whole number; without `max`, any that a double holds exactly. */
export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const range = must(
    max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
  );
  return z.int(range).min(min, range).max(max, range);
};

const accountIdRule = must('P (production) or T (test) and eight digits, such as P12345678');
export const accountId = z.string(accountIdRule).regex(/^[PT]\d{8}$/, accountIdRule);

const partnerIdRule = must("a partner's id: P or T, three digits and five zeros, such as P11200000");
export const partnerId = z.string(partnerIdRule).regex(/^[PT]\d{3}00000$/, partnerIdRule);

const statusRule = must('a status as Dintero writes it, such as UNDER_MANUAL_REVIEW');
// By form, not from a list: Dintero adds statuses. The form still catches what would never match one.
export const statusName = z.string(statusRule).regex(/^[A-Z][A-Z0-9_]*$/, statusRule);

const cronRule = must('a cron expression of five fields, or six with seconds first, in quotes, such as "*/15 * * * *"');
export const cron = z.string(cronRule).refine(isCron, cronRule);

const timezoneRule = must('the name of a time zone, such as Europe/Oslo or UTC');
export const timezone = z.string(timezoneRule).refine(isTimezone, timezoneRule);

const urlRule = must('an http or https URL without user, password, ? and #, such as https://api.dintero.com/v1');
/** Without the slash at its end, so that paths can be put behind it. */
export const httpUrl = z
  .string(urlRule)
  .refine(isHttpUrl, urlRule)
  .transform((url) => url.replace(/\/+$/, ''));

function isCron(expression: string): boolean {
  // node-cron also takes nicknames such as @daily, which are no promise of ours.
  return [5, 6].includes(expression.trim().split(/\s+/).length) && validateCron(expression);
}

function isTimezone(name: string): boolean {
  // An offset such as +02:00 is one to Intl, but means the opposite direction in Postgres, which reckons the days.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isHttpUrl(url: string): boolean {
  return /^https?:\/\/[^\s?#@]+$/.test(url) && URL.canParse(url);
}
