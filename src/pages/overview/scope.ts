import { Prisma } from '../../store/postgres/pool.ts';
import type { AccountName, Filters } from '../html/filters.ts';

/** The cases that the page's totals count. */
export type Scope = {
  /** The chosen account. All of its cases count, also those that another account has too. */
  accountId: string | null;
  /** The counted accounts if none is chosen. Each case counts once. */
  environment: 'production' | 'test';
  /** Accounts of the other environment: the viewer sees them, but they do not count. */
  leftOut: readonly string[];
};

/** Production only, unless the viewer has test accounts alone or chose an account. */
export function scopeOf({ accountId }: Pick<Filters, 'accountId'>, accounts: readonly AccountName[]): Scope {
  const tests = accounts.map(({ id }) => id).filter(isTest);
  const hasProduction = tests.length < accounts.length || tests.length === 0;
  return {
    accountId,
    environment: hasProduction ? 'production' : 'test',
    leftOut: accountId === null && hasProduction ? tests : [],
  };
}

/** The environment of an account is the first letter of its id; see reporting.cases. */
function isTest(accountId: string): boolean {
  return accountId.startsWith('T');
}

export function isInScope({ accountId, leftOut }: Scope, id: string): boolean {
  return accountId === null ? !leftOut.includes(id) : id === accountId;
}

/** A condition on rows of reporting.cases. */
export function casesInScope(scope: Scope): Prisma.Sql {
  const hasPrimary = scope.accountId === null ? Prisma.sql`is_primary and ` : Prisma.empty;
  return Prisma.sql`${hasPrimary}${accountsInScope(scope)}`;
}

/**
 * A condition on rows of views by account, which count a case of two accounts in each. It compares ids, because Postgres
 * applies such a condition before the joins of the view, unlike one on `environment` or the first letter.
 */
export function accountsInScope({ accountId, leftOut }: Scope): Prisma.Sql {
  if (accountId !== null) return Prisma.sql`account_id = ${accountId}`;
  return leftOut.length === 0 ? Prisma.sql`true` : Prisma.sql`account_id <> all (${leftOut})`;
}

/** The parameters of a list of the same cases. */
export function scopeParameters({ accountId, environment, leftOut }: Scope) {
  return { account: accountId, environment: leftOut.length > 0 ? environment : null };
}
