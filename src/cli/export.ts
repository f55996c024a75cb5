import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Log } from '../log.ts';
import { OutputError } from '../model/output-error.ts';
import { SyncError } from '../model/sync-error.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Transaction } from '../store/postgres/pool.ts';
import type { Published } from '../store/published/catalogue.ts';
import { readBatches } from '../store/published/rows.ts';
import type { LookSettings } from './database.ts';
import { encoderOf } from './export/encoder.ts';
import { openFile, type Sink } from './export/file.ts';
import type { ExportFormat } from './export/format.ts';
import { ExportProgress } from './export/progress.ts';
import { type Choice, exportQuery, requireChoosable } from './export/query.ts';
import { outputSink } from './export/stdout.ts';
import { type Target, targetOf } from './export/target.ts';
import { writtenText } from './export/text.ts';
import { movableTerminal, type ProcessContext } from './process-context.ts';
import { fieldsOf, type Row } from './reports/cells.ts';
import { findPublished, requireVisibleAccounts } from './reports/find.ts';
import { withReports } from './reports/open.ts';
import { readDay } from './reports/time-input.ts';

export type ExportOptions = { format?: ExportFormat; since?: string; output?: string; account?: string[] };

export type ExportContext = Pick<
  ProcessContext,
  'signal' | 'cwd' | 'variables' | 'printError' | 'terminal' | 'writeOutput'
> & {
  log: Log;
};

/**
 * Of a reader that stands still, such as `less`. Postgres keeps what other sessions delete while our snapshot is open,
 * so it must not be for days.
 */
const MOST_IDLE = '1h';

/** Garbage is collected earlier than runtime.js sets it: 160 MB instead of 240, for a third more processor time. */
const SMALL_HEAP = '--heap-growing-percent=30';

type Export = { view: Published; path: string | null; sink: Sink; rows: number };

/** Writes views to files or to stdout, all of them as of one moment. */
export async function runExport(
  settings: LookSettings,
  names: readonly string[],
  options: ExportOptions,
  context: ExportContext,
): Promise<void> {
  setFlagsFromString(SMALL_HEAP);
  const since = options.since === undefined ? null : readDay(options.since, '--since');
  await withReports(settings, context, async ({ database, published, clock }) => {
    const choice = { accountIds: options.account ?? [], since, timezone: clock.timezone };
    const views = [...new Set(names.map((name) => findView(name, published)))];
    for (const view of views) requireChoosable(view, choice);
    await requireVisibleAccounts(database, choice.accountIds);
    const target = await targetOf(views, options, context);
    const exports: Export[] = [];
    const work = async (tx: Transaction) => {
      // Rows on stdout are progress enough.
      using progress = new ExportProgress(target.isStdout ? null : movableTerminal(context));
      await exportAll(tx, { views, exports, target, choice, context, progress });
    };
    try {
      const limits = { idle_in_transaction_session_timeout: MOST_IDLE };
      await database.transact(work, { isReadOnly: true, settings: limits, signal: context.signal });
      // Only now, so that all files of an export are of one moment.
      for (const one of exports) printEnd(one, { isReplaced: await one.sink.keep(), context });
    } catch (error) {
      if (!context.signal.aborted || context.signal.reason instanceof OutputError) throw error;
      throw new SyncError('CANCELLED', 'Stopped; no file was written.');
    } finally {
      for (const { sink } of exports) await sink.discard();
    }
  });
}

function findView(name: string, published: readonly Published[]): Published {
  const found = findPublished(name, published);
  if (found.parameters === null) return found;
  throw new UsageError(`${found.name} is a function; write: cdd-sync show ${found.name} … --format csv`);
}

type Plan = {
  views: readonly Published[];
  /** Gets the exports as they begin, so that they can be ended whatever happens. */
  exports: Export[];
  target: Target;
  choice: Choice;
  context: ExportContext;
  progress: ExportProgress;
};

async function exportAll(tx: Transaction, { views, exports, target, context, ...plan }: Plan): Promise<void> {
  for (const view of views) {
    const path = target.pathOf(view.name);
    const one = {
      view,
      path,
      sink: path === null ? outputSink(context) : await openFile(resolve(context.cwd, path)),
      rows: 0,
    };
    exports.push(one);
    plan.progress.start(view.name);
    await exportView(tx, one, { format: target.format, ...plan });
  }
}

async function exportView(
  tx: Transaction,
  one: Export,
  { format, choice, progress }: { format: ExportFormat; choice: Choice; progress: ExportProgress },
): Promise<void> {
  const fields = fieldsOf(one.view.columns);
  const encoder = encoderOf(format, fields, { isFile: one.path !== null });
  const { sink } = one;
  await sink.write(encoder.begin());
  for await (const rows of readBatches<Row>(tx, exportQuery(one.view, fields, choice))) {
    const chunk = encoder.add(rows);
    if (chunk.length > 0) await sink.write(chunk);
    one.rows += rows.length;
    progress.add(rows.length);
  }
  await sink.write(encoder.end());
}

function printEnd(
  { view, path, rows }: Export,
  { isReplaced, context }: { isReplaced: boolean; context: ExportContext },
): void {
  if (path !== null) context.printError(writtenText({ view: view.name, path, rows, isReplaced }));
  else if (rows === 0) context.printError(`${view.name}: no rows`);
}
