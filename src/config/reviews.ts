import { z } from 'zod';
import { mustBe } from './must-be.ts';
import { factName } from './report-facts.ts';
import { list, section, text, wholeNumber } from './values.ts';

// The keys of reports.reviews.

/** Months; the longest interval of Regulation (EU) 2024/1624, article 26. */
export const LONGEST_MONTHS = 60;

const months = wholeNumber(1, 1200);

const countryRule = mustBe('the code of a country in two capital letters, such as SE', (input) => {
  return typeof input === 'string' && /^[a-z]{2}$/i.test(input) ? `write ${input.toUpperCase()}` : '';
});
const country = z.string(countryRule).regex(/^[A-Z]{2}$/, countryRule);

const condition = section({
  countries: list(country).default([]).describe("The case's country is one of these, such as SE."),
  packages: list(text).default([]).describe('Its package is one of these.'),
  products: list(text).default([]).describe('It has one of these products, such as checkout.'),
  facts: z
    .record(factName, list(text), mustBe('a map of facts and lists of values'))
    .default({})
    .describe('By the name of a fact in reports.facts: its value is one of these.'),
});

const rule = section({
  everyMonths: months.describe('Months from one review to the next.'),
  when: condition.prefault({}).describe('All of these conditions hold; an empty list is no condition.'),
});

/** How often approved cases must be reviewed. */
export const reviews = section({
  everyMonths: months.default(LONGEST_MONTHS).describe('Months from one review to the next, if no rule matches.'),
  dueSoonDays: wholeNumber(0, 3650).default(60).describe('For how many days before it is due a review is due soon.'),
  rules: list(rule).default([]).describe('Other intervals for some cases; the first rule that matches wins.'),
});

/** The rules as they are stored. */
export type Reviews = z.output<typeof reviews>;
