import type { Account } from '../../src/model/account.ts';
import type { Element, ListReader, ListResult, Traffic } from '../../src/model/list.ts';
import type { OpenRun, Progress, RunResult } from '../../src/model/run.ts';
import type { SyncError } from '../../src/model/sync-error.ts';
import type { Saved } from '../../src/sync/batcher.ts';
import { type SyncParts, type SyncRequest, sync } from '../../src/sync/run.ts';
import { runRow } from './run-row.ts';
import { sandboxAccount } from './sandbox-account.ts';

export const CASES = ['1', '2', '3'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);

export const fingerprintOf = (text: string): Buffer => Buffer.alloc(32, text.slice(-1));

const elementOf = (text: string): Element => ({
  fingerprint: fingerprintOf(text),
  bytes: Buffer.from(text),
  size: text.length,
  depth: 1,
});

type List = { reader: ListReader; etag: string | null; signal: AbortSignal; traffic: Traffic };

/** Functions of a run's source and destination that a test replaces. Stored are the first two of `CASES`. */
type Replaced = {
  account?: Account;
  acceptMissing?: boolean;
  signal?: AbortSignal;
  /** Whether nobody listens to the run. */
  isQuiet?: boolean;
  openRun?: OpenRun | null;
  readList?: (list: List) => Promise<ListResult>;
  packedCases?: () => Promise<void>;
  saveBatch?: () => Promise<Saved>;
  saveHeartbeat?: () => Promise<boolean>;
  closeRun?: () => Promise<void>;
  updateReports?: () => Promise<void>;
};

export const OPEN: OpenRun = { accountId: 'P12345678', id: 'run', etag: null, clockAheadUntil: null, isRenamed: false };
/** The call that opens the run. */
export const OPENED = `openRun ${OPEN.accountId} webhook`;
/** The calls until the first element. The cases are loaded while the list is requested. */
export const BEGUN = [OPENED, 'forgetEtag', 'readList null', 'packedCases'];
export const SAVED: Saved = { updated: new Set(), events: 2, transitions: 1, problems: new Map() };

/** Gives a whole list with these cases of `CASES`; any other text is an item without an id. */
export const listOf =
  (...texts: string[]) =>
  async ({ reader, traffic }: List): Promise<ListResult> => {
    traffic.requests += 1;
    await reader.begin();
    for (const text of texts) await reader.takeElement(elementOf(text));
    return { notModified: false, etag: '"new"' };
  };

/** Runs a sync without API and database, and records its calls in order, and what the run was closed with. */
export async function runSync(replaced: Replaced = {}) {
  const calls: string[] = [];
  const closed: { result: RunResult; progress: Progress }[] = [];
  const failed: { error: SyncError; progress: Progress }[] = [];
  const reported: unknown[] = [];
  const note = (call: string) => calls.push(call);
  const parts: SyncParts = {
    missingGuard: { ratio: 0, atLeast: 1 },
    heartbeatMs: 1_000,
    source: {
      listRequestKey: () => 'key',
      contentHash: () => null,
      parse: ({ bytes }) => {
        const id = bytes?.toString() ?? '';
        const fields = {
          createdAt: null,
          events: [],
          document: Buffer.from('{}'),
          hasErrors: false,
          problems: [],
          readable: null,
        };
        if (CASES.includes(id)) return { kind: 'case', case: { id, ...fields } };
        return { kind: 'rejected', rejection: { caseId: null, path: 'id', reason: 'of this test' } };
      },
      readList: async (_account, options) => {
        note(`readList ${options.etag}`);
        return (replaced.readList ?? listOf(...CASES))(options);
      },
    },
    destination: {
      openRun: async (accountId, trigger) => {
        note(`openRun ${accountId} ${trigger}`);
        return replaced.openRun === undefined ? OPEN : replaced.openRun;
      },
      saveHeartbeat: async () => {
        note('saveHeartbeat');
        return replaced.saveHeartbeat?.() ?? true;
      },
      forgetEtag: async () => {
        note('forgetEtag');
      },
      packedCases: async (_accountId, take) => {
        note('packedCases');
        await replaced.packedCases?.();
        for (const id of CASES.slice(0, 2)) {
          take(
            Buffer.concat([
              Buffer.from(id.replaceAll('-', ''), 'hex'),
              fingerprintOf(id).subarray(0, 12),
              fingerprintOf(id).subarray(0, 12),
              Buffer.of(0),
            ]),
          );
        }
      },
      saveBatch: async (_run, { read }) => {
        note(`saveBatch ${read.length}`);
        return replaced.saveBatch?.() ?? SAVED;
      },
      recordedTimes: async () => new Map(),
      hasSameContent: async () => true,
      closeRun: async (_run, closing) => {
        note('closeRun');
        closed.push(closing);
        await replaced.closeRun?.();
        return runRow({});
      },
      failRun: async (_run, failing) => {
        note('failRun');
        failed.push(failing);
        return runRow({ state: 'failed' });
      },
      updateReports: async (row) => {
        note(`updateReports ${row.state}`);
        await replaced.updateReports?.();
      },
    },
  };
  const request: SyncRequest = {
    account: replaced.account ?? sandboxAccount(OPEN.accountId),
    trigger: 'webhook',
    acceptMissing: replaced.acceptMissing ?? false,
    signal: replaced.signal ?? new AbortController().signal,
    ...(!replaced.isQuiet && {
      onProgress: (progress) => reported.push(progress),
      onProblems: (problems) => reported.push(problems),
      onFailure: (error) => {
        note('onFailure');
        reported.push(error);
      },
    }),
  };
  const ending = await sync(request, parts).then(
    (row) => ({ row, thrown: null }),
    (thrown: unknown) => ({ row: null, thrown }),
  );
  return { ...ending, calls, closed: closed[0], failed: failed[0], reported };
}
