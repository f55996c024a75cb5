// An account that the API keeps refusing is tried ever more rarely: its client is wrong until a person mends it, and
// asking on would only look like an attack. What is known of that is in the database, where every worker sees it.
import type { RunRow } from '../../model/run.ts';
import type { Database } from '../postgres/pool.ts';

/** The first wait follows the third refusal in a row: one or two may be the API's own slip. */
const FIRST_HELD = 3;
/** 1 minute times two to this power is more than the longest wait; without an end the power would overflow. */
const LAST_DOUBLING = 9;

/** Whether a run of the account may begin, unless a person asks for it. */
export async function mayTry(database: Database, accountId: string): Promise<boolean> {
  const [account] = await database.$queryRaw<{ held: boolean }[]>`
    select not enabled or coalesce(next_try_at > now(), false) as held
    from cdd.accounts
    where id = ${accountId}`;
  return account?.held !== true;
}

/** Counts a refused run and puts off the next try; a run that was let in ends that. To be called once a run. */
export async function noteOutcome(
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
        when refusals + 1 >= ${FIRST_HELD}
        then now() + least(
          interval '6 hours',
          interval '1 minute' * 2 ^ least(refusals + 1 - ${FIRST_HELD}, ${LAST_DOUBLING})
        )
      end
    where id = ${accountId}`;
}

/** Lets the account be tried at any time again. Writes nothing if it may be. */
export async function closeBreaker(database: Database, accountId: string): Promise<void> {
  await database.$executeRaw`
    update cdd.accounts
    set refusals = 0, next_try_at = null
    where id = ${accountId} and refusals > 0`;
}
