import type { CaseHistory } from './case-history.ts';

/** The condition of a configured rule. */
export type Condition = {
  countries: readonly string[];
  packages: readonly string[];
  products: readonly string[];
  facts: Readonly<Record<string, readonly string[]>>;
};

/** Whether a case meets a condition. No facts are configured, so no case matches a condition on them. */
export function matches({ document }: CaseHistory, when: Condition): boolean {
  const isOneOf = (allowed: readonly string[], ...values: (string | null | undefined)[]) =>
    allowed.length === 0 || values.some((value) => allowed.some((each) => each === value));
  return (
    isOneOf(when.countries, document.countryCode?.toUpperCase()) &&
    isOneOf(when.packages, document.package) &&
    isOneOf(when.products, ...(document.products ?? [])) &&
    Object.values(when.facts).every((values) => values.length === 0)
  );
}
