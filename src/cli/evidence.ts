import { resolve } from 'node:path';
import { ContractLinks } from '../ledger/evidence/contract-links.ts';
import type { Log } from '../log.ts';
import { OutputError } from '../model/output-error.ts';
import { SyncError } from '../model/sync-error.ts';
import { UsageError } from '../model/usage-error.ts';
import { visibleLine } from '../model/visible-text.ts';
import {
  type EvidenceCase,
  readContractLinks,
  readEvidenceCase,
  readFirstRecorded,
  readKnownUntil,
} from '../store/ledger/evidence/case.ts';
import type { EvidenceKey } from '../store/ledger/evidence/columns.ts';
import { EVIDENCE_TABLES } from '../store/ledger/evidence/tables.ts';
import type { Database, Transaction } from '../store/postgres/pool.ts';
import { readClock } from '../store/reports/clock.ts';
import { findCase } from './case/find.ts';
import { type LookSettings, withDatabase } from './database.ts';
import { EvidenceFolder } from './evidence/folder.ts';
import { requireEvidenceRights } from './evidence/rights.ts';
import { type ReadTable, readTable } from './evidence/tables.ts';
import { evidenceLines, PERSONAL_DATA_NOTE } from './evidence/text.ts';
import { writeEvidence } from './evidence/write.ts';
import { writtenOf } from './evidence/written.ts';
import type { ProcessContext } from './process-context.ts';
import { requireVisibleAccounts } from './reports/find.ts';
import { readMoment } from './reports/time-input.ts';
import { type JsonForm, printJson } from './terminal/json.ts';
import type { Style } from './terminal/style.ts';

export type EvidenceOptions = { account?: string; case: string; output: string; knownAt?: string; madeBy?: string };

export type EvidenceContext = Pick<ProcessContext, 'signal' | 'cwd' | 'print' | 'printError'> & {
  log: Log;
  style: Style;
  form: JsonForm;
};

/** Idle timeout of the transaction: long enough for slow disks. Vacuum removes no dead rows while the snapshot is open. */
const MOST_IDLE = '10min';

const LONGEST_SENDER = 200;

/** Writes everything about one case into a folder and a .zip, for an authority. */
export async function runEvidence(
  settings: LookSettings,
  options: EvidenceOptions,
  context: EvidenceContext,
): Promise<void> {
  const { log, signal } = context;
  const madeBy = senderOf(options.madeBy);
  if (options.output.trim() === '') throw new UsageError('-o needs a folder');
  const work = (database: Database) => makeEvidence(database, { ...options, madeBy }, context);
  await withDatabase(settings, log, work, { requireRights: requireEvidenceRights }).catch((error: unknown) => {
    if (!signal.aborted || error instanceof OutputError) throw error;
    throw new SyncError('CANCELLED', 'Stopped; nothing was written.');
  });
}

type Options = Omit<EvidenceOptions, 'madeBy'> & { madeBy: string | null };

async function makeEvidence(database: Database, options: Options, context: EvidenceContext): Promise<void> {
  const accounts = options.account === undefined ? [] : [options.account];
  await requireVisibleAccounts(database, accounts);
  const knownAt = await readFinalMoment(database, options.knownAt);
  const transaction = {
    isReadOnly: true,
    signal: context.signal,
    settings: { idle_in_transaction_session_timeout: MOST_IDLE },
  };
  // Discarded unless it is kept: also if the transaction breaks after its last file was written.
  await using opened = new AsyncDisposableStack();
  const { folder, evidence, tables } = await database.transact(async (tx) => {
    const key = { ...(await findCase(tx, options.case, accounts)), knownAt };
    const known = await readEvidenceCase(tx, key);
    if (known === null) throw await unknownThenError(tx, key);
    const made = await EvidenceFolder.create(resolve(context.cwd, options.output), nameInside(key));
    opened.defer(() => made.discard());
    return { folder: made, ...(await writeFolder(made, { tx, key, known }, { ...options, signal: context.signal })) };
  }, transaction);
  const kept = await folder.keep();
  const written = writtenOf({ evidence, tables, files: folder.files, kept, madeBy: options.madeBy });
  if (context.form !== null) await printJson([written], context.form, context.print);
  else for (const line of evidenceLines(written, context.style)) context.print(line);
  context.printError(PERSONAL_DATA_NOTE);
}

/** The folder in the .zip. */
function nameInside({ accountId, caseId }: EvidenceKey): string {
  return `${accountId}-${caseId}`.replaceAll(/[^\w-]/g, '_');
}

type Found = { tx: Transaction; key: EvidenceKey; known: EvidenceCase };

async function writeFolder(
  folder: EvidenceFolder,
  { tx, key, known }: Found,
  { madeBy, signal }: Pick<Options, 'madeBy'> & { signal: AbortSignal },
): Promise<{ evidence: EvidenceCase; tables: readonly ReadTable[] }> {
  const links = new ContractLinks(await readContractLinks(tx, key));
  const tables: ReadTable[] = [];
  for (const table of EVIDENCE_TABLES) tables.push(await readTable(tx, table, { key, links }));
  const evidence = { ...known, fields: links.fromFields(known.fields) };
  await writeEvidence(folder, { tx, key, evidence, tables, links, madeBy, signal });
  return { evidence, tables };
}

/**
 * The known-at time of the evidence. @throws UsageError for a time whose answers are not final: the same command would
 * give other bytes later.
 */
async function readFinalMoment(database: Database, text: string | undefined): Promise<string> {
  const until = await readKnownUntil(database);
  if (text === undefined) return until;
  const { timezone } = await readClock(database);
  const { instant, isFinal } = await readMoment(database, { text, option: '--known-at', timezone });
  if (instant !== null && isFinal) return instant;
  throw new UsageError(
    `--known-at: a run that began before ${visibleLine(text)} is not over, so what was known then can still grow. The latest time that is final: ${until}`,
  );
}

async function unknownThenError(tx: Transaction, key: EvidenceKey): Promise<UsageError> {
  const first = await readFirstRecorded(tx, key);
  return new UsageError(
    `Case ${key.accountId}/${key.caseId} was not known at ${key.knownAt}: cdd-sync learned of it at ${first}.`,
  );
}

function senderOf(text = ''): string | null {
  const sender = text.trim().replaceAll(/\s+/g, ' ');
  if (sender.length <= LONGEST_SENDER) return sender === '' ? null : sender;
  throw new UsageError(`--made-by has ${sender.length} characters; at most ${LONGEST_SENDER} fit`);
}
