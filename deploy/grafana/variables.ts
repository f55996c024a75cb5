import { QueryVariableBuilder, VariableRefresh } from '@grafana/grafana-foundation-sdk/dashboard';
import { ACCOUNT_NAME, DATA_SOURCE, dedent } from './query.ts';

/** Choices of account by environment. Disabled accounts stay, because totals of the past have their cases. */
export function accountVariables(): QueryVariableBuilder[] {
  return [environment(), account()];
}

/** Choices of cases: account, country and product. */
export function caseVariables(): QueryVariableBuilder[] {
  return [...accountVariables(), country(), product()];
}

const variable = (name: string, { label, description, query }: Record<'label' | 'description' | 'query', string>) =>
  new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATA_SOURCE)
    .query(dedent(query))
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });

const environment = () =>
  variable('environment', {
    label: 'Environment',
    description: 'Production or test accounts.',
    query: `
      select distinct environment as __value, environment as __text
      from reporting.accounts
      order by 1
    `,
  });

const account = () =>
  variable('account', {
    label: 'Account',
    description: 'Accounts of the chosen environments, also those that are no longer synced.',
    query: `
      select
        account_id as __value,
        ${ACCOUNT_NAME} as __text
      from reporting.accounts
      where environment = any(array[\${environment:sqlstring}]::text[])
      order by 2
    `,
  });

const country = () =>
  variable('country', {
    label: 'Country',
    description: 'Country of the cases; none: not given.',
    query: `
      select distinct coalesce(country_code, 'none') as __value, coalesce(country_code, 'none') as __text
      from reporting.cases
      order by 1
    `,
  });

const product = () =>
  variable('product', {
    label: 'Product',
    description: 'Products that a case applies for, at least one of them; none: not given.',
    query: `
      select distinct product as __value, product as __text
      from reporting.cases
      cross join lateral unnest(coalesce(nullif(products, '{}'), '{none}')) as product
      order by 1
    `,
  });
