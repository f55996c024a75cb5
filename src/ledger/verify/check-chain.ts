import { type BrokenBatch, brokenBatches } from '../../store/ledger/verify/batches.ts';
import { type BrokenContent, brokenContents } from '../../store/ledger/verify/contents.ts';
import { type BrokenLink, brokenLinks, type Chain, digestsOf } from '../../store/ledger/verify/links.ts';
import { type DatedBack, datedBack } from '../../store/ledger/verify/order.ts';
import { type BrokenTombstone, brokenTombstones } from '../../store/ledger/verify/tombstones.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
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
  const links = await brokenLinks(tx, accountId, MOST_READ);
  findings.add(links.rows.map(linkFinding), links.total);
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
  const backDated = await datedBack(tx, accountId, MOST_READ);
  findings.add(backDated.rows.map(orderFinding), backDated.total);
  const contents = await brokenContents(tx, accountId, MOST_READ);
  findings.add(contents.rows.map(contentFinding), contents.total);
}

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
    addFindings: () => findings.add(batches.rows.map(batchFinding), batches.total),
  };
}

/** Compares the cases that were erased with the receipts. */
export async function checkTombstones({ tx, accountId, findings }: Asked): Promise<void> {
  const tombstones = await brokenTombstones(tx, accountId, MOST_READ);
  findings.add(tombstones.rows.map(tombstoneFinding), tombstones.total);
}

function linkFinding({ problem, number, before, linkedAt, runId }: BrokenLink): Finding {
  const texts = {
    digest: 'was changed: its digest is not that of its columns',
    gap: `comes after link ${before}: ${before + 1 === number - 1 ? `link ${before + 1} is` : `links ${before + 1} to ${number - 1} are`} gone`,
    previous: `contains another digest of link ${before}: that link was changed, and its digest was computed again`,
    order: `is not later than link ${before}`,
  };
  return finding({ table: 'digest_links', linkNumber: number, runId, recordedAt: linkedAt, problem: texts[problem] });
}

function publishedFinding(number: number, { hasLink, newest }: { hasLink: boolean; newest: number }): Finding {
  const problem = hasLink
    ? 'was published with another digest: the chain was written anew after that'
    : newest === 0
      ? 'was published, and the account has no links here: they were removed, or this is another database'
      : number > newest
        ? `was published, and the chain ends with link ${newest}: its end was removed after that, and maybe the rows too`
        : 'was published, and is gone';
  return finding({ table: 'digest_links', linkNumber: number, problem });
}

/** The table of the rows that links are about, and the words by problem; a link of kind begin always has rows. */
const contentWords = {
  begin: {
    table: 'case_revisions',
    differs: 'rows from before the chain, of this or another table of the history, were added or removed',
    'no rows': 'all rows from before the chain are gone',
    'no link': '',
  },
  run: {
    table: 'batch_digests',
    differs: 'the batches of this run were changed, added or removed after the link was made',
    'no rows': 'the batches of this run are gone',
    'no link': 'there is no link for the batches of this run: it is gone, or they were added by hand',
  },
  receipts: {
    table: 'erasures',
    differs: 'the receipts of this link were changed, added or removed after the link was made',
    'no rows': 'the receipts of this link are gone',
    'no link': 'there is no link for these receipts: it is gone, or they were added by hand',
  },
  hold: {
    table: 'legal_holds',
    differs: '',
    'no rows': 'the hold or release of this link was changed or removed',
    'no link': 'there is no link for this hold or release: the row was changed or added by hand, or the link is gone',
  },
} as const;

function contentFinding({ problem, kind, number, runId, at, caseId }: BrokenContent): Finding {
  const { table, ...words } = contentWords[kind];
  const place = { linkNumber: number, runId, recordedAt: at, caseId };
  return finding({ ...place, table: problem === 'no link' ? 'digest_links' : table, problem: words[problem] });
}

function orderFinding({ kind, number, runId, caseId, at }: DatedBack): Finding {
  const [table, words] = kind === 'run' ? ['batch_digests', 'a batch of this run'] : ['erasures', 'the receipt'];
  const problem = `${words} is dated before the last batch of an earlier link: it was added later`;
  return finding({ table, linkNumber: number, runId, caseId, recordedAt: at, problem });
}

function batchFinding({ problem, runId, recordedAt, part, recordedCases, cases }: BrokenBatch): Finding {
  const place = { runId, recordedAt, row: `part ${part}` };
  if (problem === 'no batch') {
    return finding({
      ...place,
      table: 'batch_digests',
      problem: 'the batch of these leaves is gone, or the leaves were added by hand',
    });
  }
  const text =
    problem === 'no leaves'
      ? 'all leaves of this batch are gone'
      : recordedCases === cases
        ? 'a leaf of this batch was changed, or the batch was'
        : `the batch was made of ${recordedCases} leaves, and there are ${cases}`;
  return finding({ ...place, table: 'case_digests', problem: text });
}

function tombstoneFinding({ problem, caseId, at, linkNumber }: BrokenTombstone): Finding {
  const text =
    problem === 'no receipt'
      ? 'erased_at was set, and there is no receipt of that time'
      : 'has a receipt of having been erased, and erased_at does not say so';
  return finding({ table: 'cases', caseId, recordedAt: at, linkNumber, problem: text });
}
