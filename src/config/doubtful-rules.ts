import type { ConditionalRules } from './conditions.ts';
import type { Issue } from './problems.ts';
import type { Retention } from './retention.ts';
import { LONGEST_MONTHS, type Reviews } from './reviews.ts';

// Warnings about intervals, periods and rules that are valid and probably not meant.

type Facts = Readonly<Record<string, string>>;

/** Regulation (EU) 2024/1624, article 77: five years after the relationship ended. */
const FEWEST_YEARS = 5;

const REVIEWS = ['reports', 'reviews'];

/** Warns of intervals that the regulation does not allow, and of rules that never match or make others void. */
export function doubtfulReviews(settings: Reviews, facts: Facts): Issue[] {
  const path = [...REVIEWS, 'rules'];
  return [
    ...longIntervals(settings),
    ...doubtfulConditions(settings.rules, { path, general: 'reports.reviews.everyMonths', facts }),
  ];
}

function longIntervals({ everyMonths, rules }: Reviews): Issue[] {
  const message = `is longer than the ${LONGEST_MONTHS} months that Regulation (EU) 2024/1624, article 26, allows`;
  return [
    { path: [...REVIEWS, 'everyMonths'], everyMonths },
    ...rules.map((each, index) => ({
      path: [...REVIEWS, 'rules', index, 'everyMonths'],
      everyMonths: each.everyMonths,
    })),
  ].flatMap((interval) => (interval.everyMonths > LONGEST_MONTHS ? [{ path: interval.path, message }] : []));
}

const CASES = ['retention', 'cases'];

/** Warns of periods shorter than the regulation's, of rules that never match, and of erasing where every case is kept for ever. */
export function doubtfulRetention(settings: Retention, facts: Facts): Issue[] {
  const path = [...CASES, 'rules'];
  return [
    ...shortPeriods(settings.cases),
    ...doubtfulConditions(settings.cases.rules, { path, general: 'retention.cases.years', facts }),
    ...uselessErasing(settings),
  ];
}

function shortPeriods({ years: general, rules }: Retention['cases']): Issue[] {
  const message = `is shorter than the ${FEWEST_YEARS} years of Regulation (EU) 2024/1624, article 77`;
  return [
    { path: [...CASES, 'years'], years: general },
    ...rules.map((each, index) => ({ path: [...CASES, 'rules', index, 'years'], years: each.years })),
  ].flatMap((period) => (period.years !== null && period.years < FEWEST_YEARS ? [{ path: period.path, message }] : []));
}

function uselessErasing({ erase, cases: { years: general, rules } }: Retention): Issue[] {
  if (erase === 'report' || general !== null || rules.some((each) => each.years !== null)) return [];
  const message =
    'erases nothing, because retention.cases keeps every case for ever: give years there, or write erase: report';
  return [{ path: ['retention', 'erase'], message }];
}

/**
 * Warns of rules that never match and of rules that make others void. `path` is that of the list; `general` is the key that
 * holds where no rule matches.
 */
function doubtfulConditions(
  rules: ConditionalRules,
  { path, general, facts }: { path: readonly PropertyKey[]; general: string; facts: Facts },
): Issue[] {
  return [...unknownFacts(rules, path, facts), ...unconditionalRule(rules, path, general)];
}

function unknownFacts(rules: ConditionalRules, path: readonly PropertyKey[], facts: Facts): Issue[] {
  const message = 'is not in reports.facts, so the rule never matches';
  return rules.flatMap((rule, index) =>
    Object.keys(rule.when.facts)
      .filter((fact) => facts[fact] === undefined)
      .map((fact) => ({ path: [...path, index, 'when', 'facts', fact], message })),
  );
}

function unconditionalRule(rules: ConditionalRules, path: readonly PropertyKey[], general: string): Issue[] {
  const index = rules.findIndex((rule) => Object.values(rule.when).every((each) => Object.keys(each).length === 0));
  if (index < 0) return [];
  return [{ path: [...path, index], message: `has no condition, so neither later rules nor ${general} ever hold` }];
}
