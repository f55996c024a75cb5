import { brokenBatches } from '../../store/ledger/verify/batches.ts';
import { brokenContents } from '../../store/ledger/verify/contents.ts';
import type { Found } from '../../store/ledger/verify/history-tables.ts';
import { brokenLinks, type Chain, digestsOf } from '../../store/ledger/verify/links.ts';
import { datedBack } from '../../store/ledger/verify/order.ts';
import { brokenTombstones } from '../../store/ledger/verify/tombstones.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import {
  batchFinding,
  contentFinding,
  linkFinding,
  orderFinding,
  publishedFinding,
  tombstoneFinding,
} from './chain-findings.ts';
import { type Finding, type Findings, finding } from './finding.ts';
import type { PublishedDigest } from './published.ts';

type Asked = { tx: Transaction; accountId: string; chain: Chain; findings: Findings };

/** How many findings of one kind are read from the database. */
const MOST_READ = 10_000;

/** Compares the links with each other, with published digests, and with their batches, receipts and holds. */
export async function checkLinks(
  { tx, accountId, chain, findings }: Asked,
  published: readonly PublishedDigest[],
): Promise<void> {
  if (chain.links === 0 && chain.isExpected) {
    findings.add([
      finding({ table: 'digest_links', problem: 'the account has rows, and all links of its chain are gone' }),
    ]);
  }
  addFound(findings, await brokenLinks(tx, accountId, MOST_READ), linkFinding);
  const digests = await digestsOf(
    tx,
    accountId,
    published.map(({ number }) => number),
  );
  findings.add(
    published
      .filter(({ number, digest }) => digests.get(number) !== digest)
      .map(({ number }) =>
        publishedFinding(number, { hasLink: digests.has(number), newest: chain.newest?.number ?? 0 }),
      ),
  );
  addFound(findings, await datedBack(tx, accountId, MOST_READ), orderFinding);
  addFound(findings, await brokenContents(tx, accountId, MOST_READ), contentFinding);
}

/** `addFindings` waits until the rows are compared: a finding that names a row comes first. */
export type BrokenBatches = {
  /** Whether the leaves of a batch fit it. */
  fits: (recordedAt: string, part: string) => boolean;
  addFindings: () => void;
};

/** Compares batches with their leaves. */
export async function readBrokenBatches({ tx, accountId, findings }: Asked): Promise<BrokenBatches> {
  const batches = await brokenBatches(tx, accountId, MOST_READ);
  const broken = new Set(batches.rows.map(({ recordedAt, part }) => `${recordedAt} ${part}`));
  return {
    fits: (recordedAt: string, part: string) => !broken.has(`${recordedAt} ${part}`),
    addFindings: () => addFound(findings, batches, batchFinding),
  };
}

/** Compares the cases that were erased with the receipts. */
export async function checkTombstones({ tx, accountId, findings }: Asked): Promise<void> {
  addFound(findings, await brokenTombstones(tx, accountId, MOST_READ), tombstoneFinding);
}

function addFound<Row>(findings: Findings, { rows, total }: Found<Row>, findingOf: (row: Row) => Finding): void {
  findings.add(rows.map(findingOf), total);
}
