import type pg from 'pg';
import type { PublishedDigest } from '../../../src/ledger/verify/published.ts';
import { type VerifiedAccount, verifyAccounts } from '../../../src/ledger/verify/verify.ts';
import { Prisma } from '../../../src/store/postgres/pool.ts';
import type { Transaction } from '../../../src/store/postgres/query.ts';

/** Verifies all accounts inside the client's transaction, which sees its own changes. */
export async function verifyInTransaction(
  client: pg.Client,
  published: readonly PublishedDigest[] = [],
): Promise<VerifiedAccount[]> {
  const asked = { accountIds: [], published, most: 100, signal: new AbortController().signal, onProgress: () => {} };
  return verifyAccounts({ transact: (work) => work(transactionOf(client)) }, asked);
}

function transactionOf(client: pg.Client): Transaction {
  const run = async (statement: TemplateStringsArray | Prisma.Sql, values: unknown[]) => {
    const { text, values: all } = 'raw' in statement ? Prisma.sql(statement, ...values) : statement;
    return client.query({ text, values: all });
  };
  return {
    $queryRaw: async <T>(statement: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
      (await run(statement, values)).rows as T,
    $executeRaw: async (statement, ...values) => (await run(statement, values)).rowCount ?? 0,
    $queryRawUnsafe: async <T>(text: string, ...values: unknown[]) => (await client.query(text, values)).rows as T,
  };
}
