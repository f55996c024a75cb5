import type { VerifiedAccount } from '../../ledger/verify/verify.ts';

/** An account's result for programs. Times are exact, in UTC. */
export function accountRow({
  accountId,
  chain,
  cases,
  published,
  unlinkedBatches,
  receipts,
  findings,
}: VerifiedAccount) {
  const { links, runs, beganAt, newest } = chain;
  return {
    account_id: accountId,
    fits: findings.total === 0,
    links,
    runs,
    cases,
    began_at: beganAt,
    newest: newest === null ? null : { number: newest.number, digest: newest.digest, linked_at: newest.linkedAt },
    expected: published,
    unlinked_batches: unlinkedBatches,
    erased: receipts.erased,
    reduced: receipts.reduced,
    newest_receipts: receipts.newest.map(({ caseId, kind, erasedAt, linkNumber }) => ({
      case_id: caseId,
      kind,
      erased_at: erasedAt,
      link_number: linkNumber,
    })),
    problems: findings.total,
    findings: findings.kept.map(({ linkNumber, runId, recordedAt, table, caseId, row, problem }) => ({
      link_number: linkNumber,
      run_id: runId,
      recorded_at: recordedAt,
      table,
      case_id: caseId,
      row,
      problem,
    })),
  };
}
