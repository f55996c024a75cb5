import { z } from 'zod';
import { mustBe } from './must-be.ts';
import { factName } from './report-facts.ts';
import { list, section, text } from './values.ts';

// Conditions on cases, for rules of which the first that matches wins: reports.reviews.rules and retention.cases.rules.

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

/** The key `when` of a rule. */
export const when = condition.prefault({}).describe('All of these conditions hold; an empty list is no condition.');

/** Rules, as far as their conditions. */
export type ConditionalRules = readonly { readonly when: z.output<typeof condition> }[];
