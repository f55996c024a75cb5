import type { Issue } from './problems.ts';
import { LONGEST_MONTHS, type Reviews } from './reviews.ts';
import type { FileContent } from './schema.ts';

/** Warns of intervals that the regulation does not allow, and of rules that never match or make others void. */
export function doubtfulReviews({ reviews, facts }: FileContent['reports']): Issue[] {
  return [...longIntervals(reviews), ...unknownFacts(reviews, facts), ...unconditionalRule(reviews)];
}

function longIntervals({ everyMonths, rules }: Reviews): Issue[] {
  const message = `is longer than the ${LONGEST_MONTHS} months that Regulation (EU) 2024/1624, article 26, allows`;
  return [
    { path: ['reports', 'reviews', 'everyMonths'], everyMonths },
    ...rules.map((rule, index) => ({ path: [...pathOf(index), 'everyMonths'], everyMonths: rule.everyMonths })),
  ].flatMap((interval) => (interval.everyMonths > LONGEST_MONTHS ? [{ path: interval.path, message }] : []));
}

function unknownFacts({ rules }: Reviews, facts: FileContent['reports']['facts']): Issue[] {
  const message = 'is not in reports.facts, so the rule never matches';
  return rules.flatMap(({ when }, index) =>
    Object.keys(when.facts)
      .filter((fact) => facts[fact] === undefined)
      .map((fact) => ({ path: [...pathOf(index), 'when', 'facts', fact], message })),
  );
}

function unconditionalRule({ rules }: Reviews): Issue[] {
  const index = rules.findIndex(({ when }) => Object.values(when).every((each) => Object.keys(each).length === 0));
  if (index < 0) return [];
  return [
    {
      path: pathOf(index),
      message: 'has no condition, so neither later rules nor reports.reviews.everyMonths ever hold',
    },
  ];
}

function pathOf(index: number): PropertyKey[] {
  return ['reports', 'reviews', 'rules', index];
}
