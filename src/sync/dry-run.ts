import { failureColumns, type OpenRun, type RunRow, resultColumns } from '../model/run.ts';
import type { Batch, Saved } from './batcher.ts';
import type { Destination } from './parts.ts';

/** The changes that saving a batch would make, and a hash of the stored form of each case that it would save, by id. */
export type Compared = Saved & { contents: ReadonlyMap<string, string> };

/** The functions of a database that only read, for all accounts. */
export type DryRunReads = Pick<Destination, 'packedCases' | 'recordedTimes' | 'hasSameContent'> & {
  compareBatch: (accountId: string, batch: Batch) => Promise<Compared>;
  /** The hash that `compareBatch` gives for the document. */
  contentOf: (accountId: string, caseId: string, document: Buffer) => Promise<string>;
};

/**
 * A destination that compares and saves nothing, so that a run through it counts the changes of the next real run. It has
 * no etag, so the whole list is read. It takes no lock: a real run may be under way.
 */
export function dryRunDestination(reads: DryRunReads): Destination {
  const runs = new Map<string, DryRun>();
  const runOf = ({ accountId }: Pick<OpenRun, 'accountId'>): DryRun => {
    const run = runs.get(accountId) ?? { startedAt: new Date(), contents: new Map() };
    runs.set(accountId, run);
    return run;
  };
  return {
    ...reads,
    async openRun(accountId) {
      runOf({ accountId });
      return { accountId, id: DRY_RUN_ID, etag: null, clockAheadUntil: null, isRenamed: false };
    },
    saveHeartbeat: async () => true,
    forgetEtag: async () => {},
    async saveBatch(run, batch) {
      const { contents, ...saved } = await reads.compareBatch(run.accountId, batch);
      for (const [id, content] of contents) runOf(run).contents.set(id, content);
      return saved;
    },
    // A real run has saved the first document of the case by now.
    async hasSameContent(accountId, caseId, document) {
      const first = runOf({ accountId }).contents.get(caseId);
      if (first === undefined) return reads.hasSameContent(accountId, caseId, document);
      return first === (await reads.contentOf(accountId, caseId, document));
    },
    async closeRun(run, { result, progress }) {
      const columns = { ...resultColumns(result, progress), cases_missing: result.missing.length };
      return { ...emptyRow(run, runOf(run).startedAt), ...columns };
    },
    async failRun(run, { error, progress }) {
      return { ...emptyRow(run, runOf(run).startedAt), ...failureColumns(error, progress) };
    },
    updateReports: async () => {},
  };
}

/** `contents`: hashes of the cases of this run that a real run would have saved, by id. */
type DryRun = { startedAt: Date; contents: Map<string, string> };

/** No row has it. */
const DRY_RUN_ID = '00000000-0000-0000-0000-000000000000';

function emptyRow({ accountId, id }: OpenRun, startedAt: Date): Omit<RunRow, keyof ReturnType<typeof failureColumns>> {
  const now = new Date();
  return {
    id,
    account_id: accountId,
    trigger: 'manual',
    started_at: startedAt,
    heartbeat_at: now,
    finished_at: now,
    complete: false,
    not_modified: false,
    cases_missing: 0,
    missing_held_back: 0,
  };
}
