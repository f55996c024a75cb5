import type pg from 'pg';
import { accountsSql, happenedSql, plannedSql } from './fill/happened.ts';
import { casesSql, eventsSql, laterDecisionsSql, revisionsSql, transitionsSql } from './fill/recorded.ts';
import { statesSql } from './fill/states.ts';

/** An account, and its share of all cases. */
export type FilledAccount = { id: string; share: number };

/**
 * Fills a migrated, empty database with this number of cases and about five times as many transitions, as runs would
 * have left them that saw everything happen for three years, and rolls them up. Returns the accounts, the largest
 * first.
 */
export async function fillDatabase(client: pg.Client, cases: number): Promise<FilledAccount[]> {
  // One statement inserts what runs would have saved in millions: indexes and sorts need the memory.
  await client.query(`set synchronous_commit = off; set work_mem = '1GB'; set maintenance_work_mem = '1GB'`);
  await client.query(accountsSql);
  await client.query(plannedSql(cases));
  await client.query(happenedSql);
  await client.query('analyze public.planned, public.happened');
  await client.query(transitionsSql);
  for (const sql of [casesSql, laterDecisionsSql]) for (const isCopy of [false, true]) await client.query(sql(isCopy));
  await client.query(revisionsSql);
  await client.query(statesSql);
  await client.query(eventsSql);
  await client.query('drop table public.planned, public.happened');
  // An eighth of the cases ended longer ago, so they are due to be erased.
  await client.query('update cdd.retention_rules set years = 2');
  await client.query('vacuum analyze');
  await client.query(`select cdd.roll_up(id) from cdd.accounts`);
  await client.query('reset all');
  await client.query('vacuum analyze');
  const { rows } = await client.query<FilledAccount>(
    `select account_id as id, count(*) / ${cases}.0::double precision as share from cdd.cases group by 1 order by 2 desc`,
  );
  return rows;
}
