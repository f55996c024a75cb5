import { createTask, validate as validateCron } from 'node-cron';
import { z } from 'zod';

// Schemas of single values. Each has one message, which describes a right value and never repeats the given one.

/** The message of a value's schema: "must be" and `expected`. */
export function mustBe(expected: string) {
  return {
    error: (issue: z.core.$ZodRawIssue) =>
      `${issue.input === undefined ? 'is missing; it ' : ''}must be ${expected}${quotingHint(issue)}`,
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

/** A map with exactly these keys. */
export function section<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, mustBe('a map of keys and values'));
}

/** A list of such items. */
export const list = <Item extends z.core.SomeType>(item: Item) => z.array(item, mustBe('a list'));

export const flag = z.boolean(mustBe('true or false'));

/** Text that is not empty. */
export const text = z.string(mustBe('text')).min(1, mustBe('text that is not empty'));

export const numberFrom = (min: number, max: number) => {
  const range = mustBe(`a number from ${min} to ${max}`);
  return z.number(range).min(min, range).max(max, range);
};

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

const accountIdRule = mustBe('P (production) or T (test) and eight digits, such as P12345678');
/** The id of a Dintero account. */
export const accountId = z.string(accountIdRule).regex(/^[PT]\d{8}$/, accountIdRule);

const partnerIdRule = mustBe("a partner's id: P or T, three digits and five zeros, such as P11200000");
/** The id of a partner's own account. */
export const partnerId = z.string(partnerIdRule).regex(/^[PT]\d{3}00000$/, partnerIdRule);

const statusRule = mustBe('a status as Dintero writes it, such as UNDER_MANUAL_REVIEW');
/** A case status. A pattern and not a list, because Dintero adds statuses. */
export const statusName = z.string(statusRule).regex(/^[A-Z][A-Z0-9_]*$/, statusRule);

const cronRule = mustBe(
  'a cron expression of five fields, or six with seconds first, in quotes, such as "*/15 * * * *"',
);
export const cron = z.string(cronRule).refine(isCron, cronRule);

const timezoneRule = mustBe('the name of a time zone, such as Europe/Oslo or UTC');
/** A time zone that both Intl and Postgres know by name. */
export const timezone = z.string(timezoneRule).refine(isTimezone, timezoneRule);

const urlRule = mustBe('an http or https URL without user, password, ? and #, such as https://api.dintero.com/v1');
/** A URL, without trailing slashes after parsing, so that paths can be appended. */
export const httpUrl = z
  .string(urlRule)
  .refine(isHttpUrl, urlRule)
  .transform((url) => url.replace(/\/+$/, ''));

function isCron(expression: string): boolean {
  // node-cron also accepts nicknames such as @daily; those are not documented here.
  return [5, 6].includes(expression.trim().split(/\s+/).length) && validateCron(expression) && isEverDue(expression);
}

/** False for days that do not exist, such as `0 0 30W 2 *`, which `validate` accepts. */
function isEverDue(expression: string): boolean {
  const task = createTask(expression, () => {}, { timezone: 'UTC' });
  // node-cron keeps a list of its tasks.
  void task.destroy();
  try {
    return task.getNextRuns(1).length === 1;
  } catch {
    return false;
  }
}

function isTimezone(name: string): boolean {
  // Intl accepts offsets such as +02:00, but Postgres, which computes the days, reads them with the opposite sign.
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
