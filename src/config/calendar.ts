import { z } from 'zod';
import { countries } from './countries.ts';
import { mustBe } from './must-be.ts';
import { closestMatch } from './spelling.ts';
import { list, section } from './values.ts';

// The keys of reports.calendar.

const countryRule = mustBe(
  'the code of a country, such as NO, or of a part of one, such as DE-BY, whose public holidays are known',
  countryHint,
);
const country = z
  .string(countryRule)
  // For editors. The parts of some countries have names in small letters, such as CK-Aitutaki.
  .regex(/^[A-Z]{2}(-[A-Za-z0-9]+)*$/, countryRule)
  .refine((code) => countries.has(code), countryRule);

function countryHint(input: unknown): string {
  if (typeof input !== 'string') return '';
  const sameLetters = [...countries].find(
    (code) => code.toLowerCase() === input.trim().toLowerCase().replace('_', '-'),
  );
  if (sameLetters !== undefined) return `write ${sameLetters}`;
  const [whole = ''] = input.toUpperCase().split(/[-_.]/);
  if (whole !== input.toUpperCase() && countries.has(whole)) {
    const parts = [...countries].filter((code) => code.startsWith(`${whole}-`));
    return parts.length === 0 ? `${whole} has no parts; write ${whole}` : `of ${whole} there are: ${parts.join(', ')}`;
  }
  if (/^UK/i.test(input)) return 'the United Kingdom is GB';
  if (/^[A-Z]{3}$/i.test(input)) return 'codes have two letters';
  return countryByName(input);
}

function countryByName(text: string): string {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const codes = new Map(
    [...countries].filter((code) => code.length === 2).map((code) => [names.of(code) ?? code, code]),
  );
  const name = closestMatch(text, [...codes.keys()]);
  return name === null ? '' : `${name} is ${codes.get(name)}`;
}

const hoursRule = mustBe('the hours of a day, such as "08:00-16:00"', hoursHint);
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]';
const hours = z
  .string(hoursRule)
  .regex(new RegExp(`^${TIME}-${TIME}$`), hoursRule)
  .refine((text) => opens(text) < closes(text), {
    error: ({ input }) => {
      const isEmpty = typeof input === 'string' && opens(input) === closes(input);
      return isEmpty
        ? 'must be hours that end later than they begin; for the whole day write "00:00-23:59"'
        : 'must be hours that end later than they begin, on the same day; hours over midnight are not supported';
    },
  });

const opens = (text: string) => text.slice(0, 5);
const closes = (text: string) => text.slice(6);

function hoursHint(input: unknown): string {
  if (typeof input !== 'string') return '';
  if (/24:00/.test(input)) return 'a day ends at 23:59 at the latest, and begins at 00:00';
  if (/[–—−]/.test(input)) return 'put a hyphen between the two times, not a dash';
  if (/[ap]\.?m/i.test(input)) return 'write times from 00:00 to 23:59';
  return /^\d/.test(input) ? 'each time has four digits and a colon, without spaces' : '';
}

const dayRule = mustBe('a day of the calendar from 2000 to 2099, such as 2026-12-24', dayHint);
const day = z
  .string(dayRule)
  .regex(/^20\d\d-\d\d-\d\d$/, dayRule)
  .refine((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true, dayRule);

function dayHint(input: unknown): string {
  if (typeof input !== 'string') return '';
  if (/^\d\d?[./-]\d\d?[./-]\d{4}$/.test(input)) return 'the year comes first, then month and day';
  if (/^\d\d?-\d\d?$/.test(input)) return 'it has a year; write one entry for each year';
  return /^\d{4}-\d\d-\d\d$/.test(input) ? 'there is no such day' : '';
}

const weekdayRule = mustBe('a weekday from 1 (Monday) to 7 (Sunday)', (input) => (input === 0 ? 'Sunday is 7' : ''));
const weekday = z.int(weekdayRule).min(1, weekdayRule).max(7, weekdayRule);

/** A list without repeated values; a problem names each repetition. */
function distinct<Item extends z.core.SomeType>(item: Item) {
  return list(item)
    .meta({ uniqueItems: true })
    .check(({ value, issues }) => {
      for (const [index, each] of value.entries()) {
        if (value.indexOf(each) === index) continue;
        issues.push({
          code: 'custom',
          input: each,
          path: [index],
          message: 'is in the list twice; keep one of the two',
        });
      }
    });
}

/** Weekdays, hours and holidays: what counts as business hours. */
export const calendar = section({
  country: country
    .default('NO')
    .describe('Country whose public holidays are no business days, such as NO; or a part of one, such as DE-BY.'),
  weekdays: distinct(weekday)
    .min(1, mustBe('a list with one weekday at least'))
    .default([1, 2, 3, 4, 5])
    .describe('Business days: 1 is Monday, 7 is Sunday.'),
  hours: hours.default('08:00-16:00').describe('Hours of a business day, in the time zone above.'),
  closed: distinct(day).default([]).describe('Further days without business hours, such as 2026-12-24.'),
});
