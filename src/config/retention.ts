import { z } from 'zod';
import { when } from './conditions.ts';
import { mustBe } from './must-be.ts';
import { list, section, wholeNumber } from './values.ts';

// The keys of retention.

const years = wholeNumber(1, 100).nullable().default(null);

const rule = section({
  years: years.describe('Years to keep these cases after they ended; null = for ever.'),
  when,
});

const cases = section({
  years: years.describe('Years to keep a case after it ended, if no rule matches; null = for ever.'),
  rules: list(rule).default([]).describe('Other periods for some cases; the first rule that matches wins.'),
});

/** For how long records are kept. */
export const retention = section({
  rejectedDays: wholeNumber(1, 36_500).default(90).describe('Days to keep rejected items that were resolved.'),
  // Longer than the five years for which cases must be kept: the runs behind the stored facts are evidence.
  runDays: wholeNumber(1, 36_500).default(1830).describe('Days to keep the rows of finished runs.'),
  cases: cases.prefault({}).describe('How long cases are kept after they ended; feeds reporting.retention.'),
  erase: z
    .enum(['report', 'automatic'], mustBe('report or automatic'))
    .default('report')
    .describe('report only shows which cases are due to be erased; automatic erases them after each run.'),
});

export type Retention = z.output<typeof retention>;
