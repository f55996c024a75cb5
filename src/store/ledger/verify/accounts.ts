import { Prisma, type Transaction } from '../../postgres/pool.ts';
import { historyTables } from './history-tables.ts';

/** The history and its chain. */
const tables = [
  'cases',
  ...historyTables.map(({ name }) => name),
  'case_digests',
  'batch_digests',
  'digest_links',
  'erasures',
  'legal_holds',
];

/**
 * Ids of all accounts with rows of the history or of the chain, also of accounts that are not in cdd.accounts: a row
 * may have been given another account by hand. Looks for the next greater id in each key instead of reading tables.
 */
export async function accountsWithHistory(tx: Pick<Transaction, '$queryRaw'>): Promise<string[]> {
  const perTable = tables.map((table) =>
    Prisma.raw(`
    (
      with recursive next_account as (
        select min(account_id) as id from cdd.${table}
        union all
        select (select min(account_id) from cdd.${table} where account_id > next_account.id)
        from next_account
        where next_account.id is not null
      )
      select id from next_account where id is not null
    )`),
  );
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select id from (${Prisma.join(perTable, ' union ')}) as account order by id collate "C"`;
  return rows.map(({ id }) => id);
}
