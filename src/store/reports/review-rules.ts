import type { Transaction } from '../postgres/pool.ts';

type Condition = {
  readonly countries: readonly string[];
  readonly packages: readonly string[];
  readonly products: readonly string[];
  readonly facts: Readonly<Record<string, readonly string[]>>;
};

/** Intervals of periodic reviews, in months: the general one, and rules of which the first that matches wins. */
export type Reviews = {
  readonly everyMonths: number;
  readonly dueSoonDays: number;
  readonly rules: readonly { readonly everyMonths: number; readonly when: Condition }[];
};

const ALWAYS: Condition = { countries: [], packages: [], products: [], facts: {} };

/** Saves the intervals for reporting.periodic_reviews. */
export async function saveReviewRules(tx: Transaction, { everyMonths, dueSoonDays, rules }: Reviews): Promise<void> {
  await tx.$executeRaw`
    update cdd.report_settings set review_due_soon_days = ${dueSoonDays} where review_due_soon_days <> ${dueSoonDays}`;
  // Arrays of arrays would need rows of equal length, so the rules are sent as JSON.
  const wanted = [{ everyMonths, when: ALWAYS }, ...rules].map((rule, position) => ({
    position,
    everyMonths: rule.everyMonths,
    ...rule.when,
    facts: factPredicate(rule.when.facts),
  }));
  await tx.$executeRaw`
    with wanted_rules as (
      select
        (rule ->> 'position')::integer as position,
        (rule ->> 'everyMonths')::integer as every_months,
        array(select jsonb_array_elements_text(rule -> 'countries')) as countries,
        array(select jsonb_array_elements_text(rule -> 'packages')) as packages,
        array(select jsonb_array_elements_text(rule -> 'products')) as products,
        (rule ->> 'facts')::jsonpath as facts
      from jsonb_array_elements(${JSON.stringify(wanted)}::jsonb) as wanted (rule)
    ),
    removed_rules as (
      delete from cdd.review_rules
      where position not in (select position from wanted_rules)
    )
    insert into cdd.review_rules as existing_rule (position, every_months, countries, packages, products, facts)
    select position, every_months, countries, packages, products, facts from wanted_rules
    on conflict (position) do update
    set
      every_months = excluded.every_months,
      countries = excluded.countries,
      packages = excluded.packages,
      products = excluded.products,
      facts = excluded.facts
    -- jsonpath has no equality.
    where (existing_rule.every_months, existing_rule.countries, existing_rule.packages, existing_rule.products,
        existing_rule.facts::text)
      is distinct from (excluded.every_months, excluded.countries, excluded.packages, excluded.products,
        excluded.facts::text)`;
}

/**
 * A jsonpath predicate: each fact has one of its values. Null = no condition. An empty list of values is no condition
 * either, as for the other keys. Texts of JSON are texts of jsonpath too.
 */
function factPredicate(facts: Condition['facts']): string | null {
  const conditions = Object.entries(facts)
    .filter(([, values]) => values.length > 0)
    .map(([fact, values]) => {
      const alternatives = values.map((value) => `$.${JSON.stringify(fact)} == ${JSON.stringify(value)}`);
      return `(${alternatives.join(' || ')})`;
    });
  return conditions.length === 0 ? null : conditions.join(' && ');
}
