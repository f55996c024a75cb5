import { Prisma, type Transaction } from '../postgres/pool.ts';

/** Rows of a `fetch`. Fewer cost time, more cost memory. */
const BATCH_SIZE = 500;

/**
 * The rows of a query, batch by batch: memory does not grow with their number, and Postgres waits for a slow reader. Only
 * one query of a transaction at a time.
 */
export async function* readBatches<Row>(tx: Transaction, query: Prisma.Sql): AsyncGenerator<Row[]> {
  // All rows are wanted, so Postgres must not plan for the first tenth, as it does for a cursor.
  await tx.$executeRaw`set local cursor_tuple_fraction = 1`;
  await tx.$executeRaw`declare published_rows no scroll cursor for ${query}`;
  for (;;) {
    const rows = await tx.$queryRaw<Row[]>(Prisma.sql`fetch ${Prisma.raw(`${BATCH_SIZE}`)} from published_rows`);
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH_SIZE) break;
  }
  await tx.$executeRaw`close published_rows`;
}
