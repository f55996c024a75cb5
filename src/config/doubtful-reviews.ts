import type { Issue } from './problems.ts';
import { LONGEST_MONTHS, type Reviews } from './reviews.ts';

/** Warns of intervals that the regulation does not allow, and of rules that make others void. */
export function doubtfulReviews({ everyMonths, rules }: Reviews): Issue[] {
  const path = ['reports', 'reviews'];
  const intervals: Issue[] = [
    { path: [...path, 'everyMonths'], everyMonths },
    ...rules.map((one, index) => ({ path: [...path, 'rules', index, 'everyMonths'], everyMonths: one.everyMonths })),
  ].flatMap((interval) =>
    interval.everyMonths > LONGEST_MONTHS
      ? [
          {
            path: interval.path,
            message: `is longer than the ${LONGEST_MONTHS} months that Regulation (EU) 2024/1624, article 26, allows`,
          },
        ]
      : [],
  );
  const unconditional = rules.findIndex(({ when }) =>
    Object.values(when).every((each) => Object.keys(each).length === 0),
  );
  if (unconditional < 0) return intervals;
  const message = 'has no condition, so neither later rules nor reports.reviews.everyMonths ever hold';
  return [...intervals, { path: [...path, 'rules', unconditional], message }];
}
