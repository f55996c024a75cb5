import { type BatchRun, runsOfBatches } from '../../store/ledger/verify/batches.ts';
import { caseRanges } from '../../store/ledger/verify/case-ranges.ts';
import { goneRows, rowsOfLeaf } from '../../store/ledger/verify/leaf-rows.ts';
import { type BrokenLeaf, brokenLeaves } from '../../store/ledger/verify/leaves.ts';
import { type BrokenValidity, brokenValidity } from '../../store/ledger/verify/validity.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { compareLeaf, explainLeaf, type LeafComparison, type RowProblem } from './explain-leaf.ts';
import { type Finding, type Findings, finding } from './finding.ts';

/** Leaves of an account whose rows are named one by one; of a database that was rewritten, no one reads more. */
const MOST_EXPLAINED = 100;

type Asked = {
  tx: Transaction;
  accountId: string;
  /** Rows recorded up to then are older than the chain; null = none is. */
  since: string | null;
  findings: Findings;
  /** Whether the leaves of a batch fit it. */
  fitsBatch: (recordedAt: string, part: string) => boolean;
  onProgress: (cases: number) => void;
};

/** Compares all rows of an account with the leaves and receipts, one range of cases after the other. */
export async function checkRows(asked: Asked): Promise<void> {
  const { tx, accountId, since, findings } = asked;
  const leaves: BrokenLeaf[] = [];
  const validity: BrokenValidity[] = [];
  let [totalLeaves, totalValidity] = [0, 0];
  for await (const range of caseRanges(tx, accountId)) {
    const left = (rows: readonly unknown[]) => Math.max(1, MOST_EXPLAINED - rows.length);
    const broken = await brokenLeaves(tx, range, { since, limit: left(leaves) });
    const odd = await brokenValidity(tx, range, left(validity));
    leaves.push(...broken.rows);
    validity.push(...odd.rows);
    totalLeaves += broken.total;
    totalValidity += odd.total;
    asked.onProgress(range.cases);
  }
  const explained = await explainLeaves(asked, leaves);
  findings.add(explained, explained.length + totalLeaves - leaves.length);
  // The chain names the same rows better.
  const cases = new Set(leaves.map(({ caseId }) => caseId));
  const others = validity.filter(({ caseId }) => !cases.has(caseId));
  findings.add(
    others.map(validityFinding),
    totalLeaves > leaves.length ? others.length : totalValidity - (validity.length - others.length),
  );
}

type LeafRun = { [Key in keyof BatchRun]: BatchRun[Key] | null };

const NO_RUN: LeafRun = { runId: null, linkNumber: null };

type Compared = { leaf: BrokenLeaf; comparison: LeafComparison | null };

async function explainLeaves({ tx, accountId, fitsBatch }: Asked, leaves: readonly BrokenLeaf[]): Promise<Finding[]> {
  const sorted = leaves.toSorted((a, b) => (a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : 0));
  const runs = await runsOfBatches(tx, accountId, [...new Set(sorted.map(({ recordedAt }) => recordedAt))]);
  const runOf = ({ recordedAt, part }: BrokenLeaf) => runs.get(`${recordedAt} ${part}`) ?? NO_RUN;
  const compared: Compared[] = [];
  for (const leaf of sorted) compared.push({ leaf, comparison: await compare(leaf) });
  const owners = new Map(
    compared.flatMap(({ leaf, comparison }) => (comparison?.gone ?? []).map((prefix) => [prefix, leaf.caseId])),
  );
  const problems: { leaf: BrokenLeaf; problem: RowProblem }[] = [];
  for (const { leaf, comparison } of compared) {
    if (comparison === null) continue;
    const recordedFor = (prefix: string) => {
      const owner = owners.get(prefix);
      return owner === undefined || owner === leaf.caseId ? null : owner;
    };
    const missing = comparison.gone.length > 0 ? await goneRows(tx, accountId, leaf.caseId) : [];
    const explained = explainLeaf(comparison, { missing: missing.filter((row) => fits(row.table, leaf)), recordedFor });
    problems.push(...explained.map((problem) => ({ leaf, problem })));
  }
  const certain = new Set(problems.filter(({ problem }) => problem.isCertain).map(keyOf));
  return [
    ...compared.filter(({ comparison }) => comparison === null).map(({ leaf }) => leafFinding(leaf, runOf(leaf))),
    // A row that got another time is named where it was recorded, not a second time where it stands now.
    ...problems
      .filter((one) => one.problem.isCertain || !certain.has(keyOf(one)))
      .map(({ leaf, problem: { table, row, problem } }) =>
        finding({ table, row, problem, ...runOf(leaf), recordedAt: leaf.recordedAt, caseId: leaf.caseId }),
      ),
  ];

  /** Null if the leaf, not its rows, was changed, or if a receipt does not fit: that has no digests of rows. */
  async function compare(leaf: BrokenLeaf): Promise<LeafComparison | null> {
    const { part, caseId, recordedAt } = leaf;
    if (part === null || !fitsBatch(recordedAt, part)) return null;
    return compareLeaf(
      leaf.rows,
      await rowsOfLeaf(tx, { accountId, caseId, recordedAt, part, runId: runOf(leaf).runId }),
    );
  }
}

function fits(table: string, { part }: BrokenLeaf): boolean {
  return part === 'problems' ? table === 'case_problems' : part !== 'presence' || table === 'case_revisions';
}

function keyOf({ leaf, problem }: { leaf: BrokenLeaf; problem: RowProblem }): string {
  return JSON.stringify([leaf.caseId, problem.table, problem.row]);
}

function leafFinding({ problem, caseId, recordedAt, part, linkNumber }: BrokenLeaf, run: LeafRun): Finding {
  const texts = {
    receipt:
      'the rows of this case are not as the receipt of this time says: they were changed, added or removed since',
    differs: 'the leaf was changed: it fits neither its rows nor its batch',
    'no leaf': 'the leaf of these rows is gone',
    'no rows': 'the leaf was added by hand, or its rows are gone',
  };
  const table = problem === 'receipt' ? 'erasures' : 'case_digests';
  return finding({
    table,
    caseId,
    recordedAt,
    runId: run.runId,
    linkNumber: linkNumber ?? run.linkNumber,
    row: part === null ? null : `part ${part}`,
    problem: texts[problem],
  });
}

function validityFinding({ table, caseId, row, recordedAt, runId, problem }: BrokenValidity): Finding {
  const texts = {
    backwards: 'ends before it begins',
    overlap: 'still holds when the next row of the same key begins',
    gap: 'does not begin where the row before it ends',
    'not current': 'has ended, and no row of its case is current',
    unnamed: 'is named by no event: it was added by hand',
    column: 'does not fit the history of its case',
  };
  return finding({ table, caseId, row, recordedAt, runId, problem: texts[problem] });
}
