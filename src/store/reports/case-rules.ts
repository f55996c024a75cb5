// Rules on cases, of which the first that matches wins: those of reviews and those of retention. cdd.matches_rule compares a
// case with one.
import { Prisma, type Transaction } from '../postgres/pool.ts';

export type Condition = {
  readonly countries: readonly string[];
  readonly packages: readonly string[];
  readonly products: readonly string[];
  readonly facts: Readonly<Record<string, readonly string[]>>;
};

/** The number of months or years for cases that meet the condition; null = none. */
export type Rule = { readonly value: number | null; readonly when: Condition };

const ALWAYS: Condition = { countries: [], packages: [], products: [], facts: {} };

const TABLES = {
  reviews: { table: Prisma.sql`cdd.review_rules`, column: Prisma.sql`every_months` },
  retention: { table: Prisma.sql`cdd.retention_rules`, column: Prisma.sql`years` },
};

/** Replaces the rules of a kind. `general` holds where no rule matches. */
export async function saveRules(
  tx: Transaction,
  kind: keyof typeof TABLES,
  { general, rules }: { general: number | null; rules: readonly Rule[] },
): Promise<void> {
  const { table, column } = TABLES[kind];
  // Arrays of arrays would need rows of equal length, so the rules are sent as JSON.
  const wanted = [{ value: general, when: ALWAYS }, ...rules].map(({ value, when }, position) => ({
    position,
    value,
    ...when,
    facts: factPredicate(when.facts),
  }));
  await tx.$executeRaw`
    with wanted_rules as (
      select
        (rule ->> 'position')::integer as position,
        (rule ->> 'value')::integer as value,
        array(select jsonb_array_elements_text(rule -> 'countries')) as countries,
        array(select jsonb_array_elements_text(rule -> 'packages')) as packages,
        array(select jsonb_array_elements_text(rule -> 'products')) as products,
        (rule ->> 'facts')::jsonpath as facts
      from jsonb_array_elements(${JSON.stringify(wanted)}::jsonb) as wanted (rule)
    ),
    removed_rules as (
      delete from ${table}
      where position not in (select position from wanted_rules)
    )
    insert into ${table} as existing_rule (position, ${column}, countries, packages, products, facts)
    select position, value, countries, packages, products, facts from wanted_rules
    on conflict (position) do update
    set
      ${column} = excluded.${column},
      countries = excluded.countries,
      packages = excluded.packages,
      products = excluded.products,
      facts = excluded.facts
    -- jsonpath has no equality.
    where (existing_rule.${column}, existing_rule.countries, existing_rule.packages, existing_rule.products,
        existing_rule.facts::text)
      is distinct from (excluded.${column}, excluded.countries, excluded.packages, excluded.products,
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
