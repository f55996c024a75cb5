import type { z } from 'zod';
import { when } from './conditions.ts';
import { list, section, wholeNumber } from './values.ts';

// The keys of reports.reviews.

/** Months; the longest interval of Regulation (EU) 2024/1624, article 26. */
export const LONGEST_MONTHS = 60;

const months = wholeNumber(1, 1200);

const rule = section({
  everyMonths: months.describe('Months from one review to the next.'),
  when,
});

/** How often approved cases must be reviewed. */
export const reviews = section({
  everyMonths: months.default(LONGEST_MONTHS).describe('Months from one review to the next, if no rule matches.'),
  dueSoonDays: wholeNumber(0, 3650).default(60).describe('For how many days before it is due a review is due soon.'),
  rules: list(rule).default([]).describe('Other intervals for some cases; the first rule that matches wins.'),
});

export type Reviews = z.output<typeof reviews>;
