import { type BatchRun, runsOfBatches } from '../../store/ledger/verify/batches.ts';
import { goneRows } from '../../store/ledger/verify/gone-rows.ts';
import { isOfPart } from '../../store/ledger/verify/history-tables.ts';
import { rowsOfLeaf } from '../../store/ledger/verify/leaf-rows.ts';
import type { BrokenLeaf } from '../../store/ledger/verify/leaves.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { compareLeaf, explainLeaf, type LeafComparison, type RowProblem } from './explain-leaf.ts';
import { byTime, type Finding, finding } from './finding.ts';

type Asked = {
  tx: Transaction;
  accountId: string;
  /** Whether the leaves of a batch fit it. */
  fitsBatch: (recordedAt: string, part: string) => boolean;
};

/**
 * A leaf that does not fit, and the run of its batch; `isOfBatch` if the batch fits its leaves, `comparison` is null if the
 * rows are not to blame.
 */
type Judged = { leaf: BrokenLeaf; run: LeafRun; isOfBatch: boolean; comparison: LeafComparison | null };
type LeafRun = { [Key in keyof BatchRun]: BatchRun[Key] | null };

const PARTS = ['document', 'presence', 'problems'];
const NO_RUN: LeafRun = { runId: null, linkNumber: null };

/** Names the rows that do not fit their leaves; the leaf or receipt itself, if that was changed. */
export async function nameRows(asked: Asked, leaves: readonly BrokenLeaf[]): Promise<Finding[]> {
  const judged = await judge(asked, leaves);
  const goneFrom = new Map(judged.flatMap(({ leaf, comparison }) => keyed(comparison?.gone ?? [], leaf.caseId)));
  const addedTo = new Map(
    judged.flatMap(({ leaf, comparison }) =>
      keyed(
        (comparison?.added ?? []).map(({ prefix }) => prefix),
        leaf.caseId,
      ),
    ),
  );
  const found: { judged: Judged; problem: RowProblem }[] = [];
  const unexplained: Judged[] = [];
  for (const one of judged) {
    const { leaf, comparison } = one;
    if (comparison === null) continue;
    const other = (owners: ReadonlyMap<string, string>, prefix: string) => {
      const owner = owners.get(prefix) ?? null;
      return owner === leaf.caseId ? null : owner;
    };
    const missing = comparison.gone.length > 0 ? await goneRows(asked.tx, asked.accountId, leaf.caseId) : [];
    const problems = explainLeaf(comparison, {
      missing: missing.filter(({ table }) => isOfPart(table, leaf.part)),
      recordedFor: (prefix) => other(goneFrom, prefix),
      isElsewhere: (prefix) => other(addedTo, prefix) !== null,
    });
    // Nothing that does not fit may be passed over, only because no row of it can be named. A row that another case has now
    // is named there.
    if (problems.length === 0 && !comparison.gone.some((prefix) => other(addedTo, prefix) !== null))
      unexplained.push(one);
    found.push(...problems.map((problem) => ({ judged: one, problem })));
  }
  const certain = new Set(found.filter(({ problem }) => problem.isCertain).map(keyOf));
  const findings = [
    ...judged.filter(({ comparison }) => comparison === null).map(leafFinding),
    ...unexplained.map(leafFinding),
    // A row that got another time is named where it was recorded, not a second time where it stands now.
    ...found.filter((one) => one.problem.isCertain || !certain.has(keyOf(one))).map(rowFinding),
  ];
  return findings.sort(byTime);
}

async function judge({ tx, accountId, fitsBatch }: Asked, leaves: readonly BrokenLeaf[]): Promise<Judged[]> {
  const runs = await runsOfBatches(tx, accountId, [...new Set(leaves.map(({ recordedAt }) => recordedAt))]);
  const judged: Judged[] = [];
  for (const leaf of leaves) {
    const { part, caseId, recordedAt } = leaf;
    // All batches of one instant are of one run.
    const run =
      [part, ...PARTS].map((one) => runs.get(`${recordedAt} ${one}`)).find((one) => one !== undefined) ?? NO_RUN;
    // Without its leaf of part presence, a revision seems to be of part document.
    const isOfBatch =
      part !== null && fitsBatch(recordedAt, part) && (part !== 'document' || fitsBatch(recordedAt, 'presence'));
    // A receipt has no digests of rows to compare with, and those of this leaf may be wrong.
    const isOfRows = isOfBatch && leaf.problem !== 'first bytes';
    const rows = isOfRows ? await rowsOfLeaf(tx, { accountId, caseId, recordedAt, part, runId: run.runId }) : null;
    judged.push({ leaf, run, isOfBatch, comparison: rows === null ? null : compareLeaf(leaf.rows, rows) });
  }
  return judged;
}

function keyed(prefixes: readonly string[], caseId: string): [string, string][] {
  return prefixes.map((prefix) => [prefix, caseId]);
}

function keyOf({ judged: { leaf }, problem }: { judged: Judged; problem: RowProblem }): string {
  return JSON.stringify([leaf.caseId, problem.table, problem.row]);
}

function rowFinding({ judged: { leaf, run }, problem }: { judged: Judged; problem: RowProblem }): Finding {
  const tables: Partial<Record<string, string>> = { problems: 'case_problems', presence: 'case_revisions' };
  const table = problem.table ?? tables[leaf.part ?? ''] ?? null;
  const { row, problem: text } = problem;
  const runId = run.runId ?? problem.runId;
  return finding({ table, row, problem: text, ...run, runId, recordedAt: leaf.recordedAt, caseId: leaf.caseId });
}

function leafFinding({ leaf, run, isOfBatch, comparison }: Judged): Finding {
  const { problem, caseId, recordedAt, part, linkNumber } = leaf;
  const texts = {
    receipt:
      'the rows of this case are not as the receipt of this time says: they were changed, added or removed since',
    differs:
      comparison === null
        ? 'the leaf was changed: it fits neither its rows nor its batch'
        : 'the leaf does not fit its rows, and its first bytes do: a row was changed, and they were too',
    'first bytes': isOfBatch
      ? 'the first bytes of the digests of its rows were changed'
      : 'the leaf was changed with its rows: it does not fit its batch',
    'no leaf': 'these rows have no leaf: they were added by hand, or it is gone',
    'no rows': 'the leaf was added by hand, or its rows are gone',
  };
  return finding({
    table: problem === 'receipt' ? 'erasures' : 'case_digests',
    caseId,
    recordedAt,
    runId: run.runId,
    linkNumber: linkNumber ?? run.linkNumber,
    row: part === null ? null : `part ${part}`,
    problem: texts[problem],
  });
}
