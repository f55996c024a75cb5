import { createTask, validate as validateCron } from 'node-cron';
import { z } from 'zod';
import { mustBe, wrappingHint } from './must-be.ts';

const EVERY_15_MINUTES = 'for every 15 minutes write "*/15 * * * *"';
const NICKNAMES: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const NEVER = 'there is no such day';

type Field = { name: string; min: number; max: number; size: number };

const SECONDS: Field = { name: 'seconds', min: 0, max: 59, size: 60 };
const FIELDS: Field[] = [
  { name: 'minutes', min: 0, max: 59, size: 60 },
  { name: 'hours', min: 0, max: 23, size: 24 },
  { name: 'days of the month', min: 1, max: 31, size: 31 },
  { name: 'months', min: 1, max: 12, size: 12 },
  { name: 'days of the week', min: 0, max: 7, size: 7 },
];

const cronRule = mustBe(
  'a cron expression of five fields, or six with seconds first, in quotes, such as "*/15 * * * *"',
  cronHint,
);

/** A schedule. Each message says which field is wrong, and never repeats the expression. */
export const cron = z.string(cronRule).refine(isCron, cronRule);

/** Whether a schedule is due every second: probably five fields were meant. */
export function isEverySecond(expression: string): boolean {
  const fields = fieldsOf(expression);
  return fields.length === 6 && fields[0] === '*';
}

function isCron(expression: string): boolean {
  return cronHint(expression) === '' && validateCron(expression);
}

/** The mistake in an expression; empty if none is known. */
function cronHint(input: unknown): string {
  if (typeof input === 'number') return EVERY_15_MINUTES;
  if (typeof input !== 'string') return '';
  const nickname = new Map(Object.entries(NICKNAMES)).get(input.trim().toLowerCase());
  if (nickname !== undefined) return `nicknames are not supported: write "${nickname}"`;
  const fields = fieldsOf(input);
  if (/^(every\b|\d+ ?[smhd]\w*$|@)/i.test(input.trim())) return EVERY_15_MINUTES;
  if (fields.length === 7) return 'it has seven fields, and there is none for the year';
  if (![5, 6].includes(fields.length)) return `it has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`;
  const known = fields.length === 6 ? [SECONDS, ...FIELDS] : FIELDS;
  const hint = known.map((field, index) => fieldHint(field, fields[index] ?? '')).find((text) => text !== '');
  if (hint !== undefined) return hint;
  if (wrappingHint(input) !== '') return '';
  if (validateCron(input)) return isEverDue(input) ? '' : NEVER;
  const isReadable = (at: number) => validateCron(fields.map((text, index) => (index === at ? text : '*')).join(' '));
  const unreadable = known.find((_, index) => !isReadable(index));
  if (unreadable !== undefined) return `the ${unreadable.name} cannot be read`;
  return /[^\S ]/.test(input) ? 'separate the fields by spaces' : NEVER;
}

function fieldHint({ name, min, max, size }: Field, text: string): string {
  if (text.includes('?')) return `in the ${name}, write * instead of ?`;
  if (/\bH\b/.test(text)) return `in the ${name}, H is of Jenkins; starts are spread by themselves`;
  if (/(^|,)\d+\//.test(text)) return `in the ${name}, a step needs a range in front, such as ${min}-${max}/15`;
  const values = text.replaceAll(/\/\d+/g, '').split(/[,-]/);
  if (values.some((value) => /^\d+$/.test(value) && (Number(value) < min || Number(value) > max))) {
    return `the ${name} are ${min} to ${max}`;
  }
  // `*/90` in the minutes would run every hour: cron counts a step anew in each hour.
  if ([...text.matchAll(/\/(\d+)/g)].some(([, step]) => Number(step) > size)) {
    return `a step in the ${name} is at most ${size}`;
  }
  return '';
}

function fieldsOf(expression: string): string[] {
  return expression.trim().split(/\s+/);
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
