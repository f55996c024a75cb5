import { caseRanges } from '../../store/ledger/verify/case-ranges.ts';
import { type BrokenLeaf, brokenLeaves } from '../../store/ledger/verify/leaves.ts';
import { type BrokenValidity, brokenValidity } from '../../store/ledger/verify/validity.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import type { BrokenBatches } from './check-chain.ts';
import { byTime, type Finding, type Findings, finding } from './finding.ts';
import { nameRows } from './name-rows.ts';

/** The most leaves per account with rows that are named one by one, which takes some milliseconds a leaf. */
const MOST_NAMED = 100;

type Asked = {
  tx: Transaction;
  accountId: string;
  /** Rows recorded up to then are older than the chain; null = none is. */
  since: string | null;
  findings: Findings;
  batches: BrokenBatches;
  onProgress: (cases: number) => void;
};

/** Compares all rows of an account with the leaves and receipts, one range of cases after the other. */
export async function checkRows(asked: Asked): Promise<void> {
  const { tx, accountId, since, findings, batches } = asked;
  const most = Math.max(MOST_NAMED, findings.most);
  const leaves = new BrokenRows<BrokenLeaf>(most);
  const odd = new BrokenRows<BrokenValidity>(most);
  for await (const range of caseRanges(tx, accountId)) {
    leaves.add(await brokenLeaves(tx, range, { since, limit: leaves.left() }));
    odd.add(await brokenValidity(tx, range, odd.left()));
    asked.onProgress(range.cases);
  }
  const earliest = leaves.rows.toSorted(byTime);
  const [first, others] = [earliest.slice(0, MOST_NAMED), earliest.slice(MOST_NAMED)];
  const named = await nameRows({ ...asked, fitsBatch: batches.fits }, first);
  findings.add([...named, ...others.map(unnamedFinding)], named.length + leaves.total - first.length);
  // After the leaves, which name their cases, and before rows that have no run.
  batches.addFindings();
  // The chain names the same rows better.
  const cases = new Set(leaves.rows.map(({ caseId }) => caseId));
  const impossible = odd.rows.filter(({ caseId }) => !cases.has(caseId));
  const unread = leaves.total > leaves.rows.length ? 0 : odd.total - odd.rows.length;
  findings.add(impossible.map(validityFinding), impossible.length + unread);
}

/** The first rows, the earliest of each range among them, and the number of all. */
class BrokenRows<Row> {
  readonly rows: Row[] = [];
  total = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many rows to read of the next range; at least 1, the earliest, which carries the number of all. */
  left(): number {
    return Math.max(1, this.#most - this.rows.length);
  }

  add({ rows, total }: { rows: readonly Row[]; total: number }): void {
    this.rows.push(...rows);
    this.total += total;
  }
}

function unnamedFinding({ caseId, recordedAt, linkNumber, part }: BrokenLeaf): Finding {
  const problem = 'rows that were added or closed then do not fit';
  return finding({ table: null, caseId, recordedAt, linkNumber, row: part === null ? null : `part ${part}`, problem });
}

function validityFinding({ table, caseId, row, recordedAt, runId, problem }: BrokenValidity): Finding {
  const texts = {
    backwards: 'ends before it begins',
    overlap: 'still holds when the next row of the same key begins',
    gap: 'does not begin where the row before it ends',
    'not current': 'has ended, and no row of its case is current',
    unnamed: 'is named by no event: it was added by hand',
    lost: 'is named by an event, and is gone',
    column: 'does not fit the history of its case',
  };
  return finding({ table, caseId, row, recordedAt, runId, problem: texts[problem] });
}
