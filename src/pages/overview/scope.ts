import { Prisma } from '../../store/postgres/pool.ts';
import type { AccountName, Filters } from '../html/filters.ts';

/** The cases that the page's totals count. */
export type Scope = {
  /** A chosen account: each of its cases counts, also those that another account has too. */
  accountId: string | null;
  /** Without a chosen account; each case counts once. */
  environment: 'production' | 'test';
  /** Whether the viewer sees accounts of both kinds, so that a list must name the environment. */
  isMixed: boolean;
};

/** Production only, unless the viewer has test accounts alone or chose an account. */
export function scopeOf({ accountId }: Filters, accounts: readonly AccountName[]): Scope {
  const tests = accounts.filter(({ id }) => isTest(id)).length;
  const hasProduction = tests < accounts.length;
  return {
    accountId,
    environment: hasProduction || tests === 0 ? 'production' : 'test',
    isMixed: hasProduction && tests > 0,
  };
}

/** The environment of an account is the first letter of its id; see reporting.cases. */
function isTest(accountId: string): boolean {
  return accountId.startsWith('T');
}

export function isInScope(scope: Scope, accountId: string): boolean {
  if (scope.accountId !== null) return accountId === scope.accountId;
  return isTest(accountId) === (scope.environment === 'test');
}

/** A condition on rows of reporting.cases. */
export function casesInScope({ accountId, environment }: Scope): Prisma.Sql {
  return accountId === null
    ? Prisma.sql`is_primary and environment = ${environment}`
    : Prisma.sql`account_id = ${accountId}`;
}

/** A condition on rows of views by account, which count a case of two accounts in each. */
export function accountsInScope({ accountId, environment }: Scope): Prisma.Sql {
  return accountId === null
    ? Prisma.sql`(left(account_id, 1) = 'T') = ${environment === 'test'}`
    : Prisma.sql`account_id = ${accountId}`;
}

/** The parameters of a list of the same cases. */
export function scopeParameters({ accountId, environment, isMixed }: Scope) {
  return { account: accountId, environment: accountId === null && isMixed ? environment : null };
}
