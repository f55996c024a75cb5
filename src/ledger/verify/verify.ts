import { SyncError } from '../../model/sync-error.ts';
import { accountsWithHistory } from '../../store/ledger/verify/accounts.ts';
import { countCases, RANGE_SETTINGS } from '../../store/ledger/verify/case-ranges.ts';
import { countUnlinkedBatches } from '../../store/ledger/verify/contents.ts';
import { replacedFunctions } from '../../store/ledger/verify/digest-functions.ts';
import { type Chain, readChain } from '../../store/ledger/verify/links.ts';
import { type Receipts, readReceipts } from '../../store/ledger/verify/tombstones.ts';
import type { Database, Transaction } from '../../store/postgres/pool.ts';
import { checkLinks, checkTombstones, readBrokenBatches } from './check-chain.ts';
import { checkRows } from './check-rows.ts';
import type { Finding, Findings } from './finding.ts';
import { FirstOf } from './first-of.ts';
import type { PublishedDigest } from './published.ts';

export type VerifiedAccount = {
  accountId: string;
  chain: Chain;
  cases: number;
  /** Published digests that were compared with the chain. */
  published: number;
  /** Batches of a run that is not over. */
  unlinkedBatches: number;
  receipts: Receipts;
  findings: Findings;
};

type Asked = {
  /** Ids of accounts; empty = all. */
  accountIds: readonly string[];
  /** Digests that the chains must still contain. Their accounts are checked as well. */
  published: readonly PublishedDigest[];
  /** How many findings are kept per account. */
  most: number;
  signal: AbortSignal;
  onProgress: (progress: { accountId: string; cases: number; of: number }) => void;
};

/**
 * Recomputes the digest chains from the tables, all accounts as of one moment. Reads only, so runs go on meanwhile.
 * @throws SyncError DATABASE if functions that compute digests were replaced by hand.
 */
export async function verifyAccounts(
  database: Pick<Database, 'transact'>,
  { accountIds, published, ...asked }: Asked,
): Promise<VerifiedAccount[]> {
  return database.transact(
    async (tx) => {
      await requireDigestFunctions(tx);
      const wanted = new Set([
        ...(accountIds.length === 0 ? await accountsWithHistory(tx) : accountIds),
        ...published.map((one) => one.accountId),
      ]);
      const results: VerifiedAccount[] = [];
      for (const accountId of [...wanted].sort()) {
        const own = published.filter((one) => one.accountId === accountId);
        results.push(await verifyAccount(tx, accountId, { ...asked, published: own }));
      }
      return results;
    },
    { isReadOnly: true, signal: asked.signal, settings: RANGE_SETTINGS },
  );
}

async function requireDigestFunctions(tx: Transaction): Promise<void> {
  const replaced = await replacedFunctions(tx);
  if (replaced.length === 0) return;
  const names = replaced.map((name) => `'${name}'`).join(', ');
  throw new SyncError(
    'DATABASE',
    `The database computes digests with functions that were replaced by hand: ${replaced.join(', ')}. So nothing can be verified. ` +
      `To put them back: delete from cdd.applied_definitions where name in (${names}); then run: cdd-sync migrate`,
  );
}

async function verifyAccount(
  tx: Transaction,
  accountId: string,
  { published, most, onProgress }: Omit<Asked, 'accountIds'>,
): Promise<VerifiedAccount> {
  const cases = await countCases(tx, accountId);
  onProgress({ accountId, cases: 0, of: cases });
  const chain = await readChain(tx, accountId);
  const asked = { tx, accountId, chain, findings: new FirstOf<Finding>(most) };
  await checkLinks(asked, published);
  const batches = await readBrokenBatches(asked);
  await checkRows({
    ...asked,
    since: coveredAfter(chain),
    batches,
    onProgress: (done) => onProgress({ accountId, cases: Math.min(done, cases), of: cases }),
  });
  await checkTombstones(asked);
  const unlinkedBatches = await countUnlinkedBatches(tx, accountId);
  return {
    accountId,
    chain,
    cases,
    published: published.length,
    unlinkedBatches,
    receipts: await readReceipts(tx, accountId),
    findings: asked.findings,
  };
}

/** Rows recorded up to then cannot be compared; null = all can be. */
function coveredAfter({ beganAt, links, hasFirst, isExpected, beforeFirstBatch }: Chain): string | null {
  if (beganAt !== null || hasFirst) return beganAt;
  // The first run of the account is not over.
  if (links === 0 && !isExpected && beforeFirstBatch !== null) return null;
  return beforeFirstBatch ?? 'infinity';
}
