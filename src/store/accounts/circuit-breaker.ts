// The API refuses an account until a person corrects its client, so after some refusals the account is tried ever less
// often. The state is in cdd.accounts, where every worker sees it.
import type { RunRow } from '../../model/run.ts';
import { type Database, Prisma } from '../postgres/pool.ts';

/** The first wait follows this many refusals in a row: one or two can be a mistake of the API. */
const REFUSALS_BEFORE_WAIT = 3;
/** 1 minute doubled this often is longer than the longest wait; without a limit the power would overflow. */
const MAX_DOUBLINGS = 9;

/** Whether a row of cdd.accounts need not wait. A time further away than its wait is void: the clock was ahead once. */
export const isBreakerClosed = Prisma.sql`
  coalesce(next_try_at <= now() or next_try_at > now() + ${waitAfter(Prisma.sql`refusals`)}, true)`;

/** Whether a run that a schedule or a webhook asks for may begin: the account is enabled, not paused and need not wait. */
export async function mayTry(database: Database, accountId: string): Promise<boolean> {
  const [account] = await database.$queryRaw<{ mayTry: boolean }[]>`
    select enabled and paused_since is null and ${isBreakerClosed} as "mayTry"
    from cdd.accounts
    where id = ${accountId}`;
  return account?.mayTry ?? true;
}

/** Counts a refused run and delays the next one, or closes the circuit breaker. Call it once for each run. */
export async function recordOutcome(
  database: Database,
  { account_id: accountId, state, error_code: code }: Pick<RunRow, 'account_id' | 'state' | 'error_code'>,
): Promise<void> {
  if (state === 'succeeded' || state === 'partial') return closeBreaker(database, accountId);
  if (code !== 'AUTH' && code !== 'FORBIDDEN') return;
  await database.$executeRaw`
    update cdd.accounts
    set
      refusals = refusals + 1,
      next_try_at = case
        when refusals + 1 >= ${REFUSALS_BEFORE_WAIT}
        then now() + ${waitAfter(Prisma.sql`(refusals + 1)`)}
      end
    where id = ${accountId}`;
}

function waitAfter(refusals: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    least(
      interval '6 hours',
      interval '1 minute' * 2 ^ least(${refusals} - ${REFUSALS_BEFORE_WAIT}::integer, ${MAX_DOUBLINGS}::integer)
    )`;
}

/** Lets the account be tried at any time again. */
export async function closeBreaker(database: Database, accountId: string): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set refusals = 0, next_try_at = null
    where id = ${accountId} and refusals > 0`;
}
