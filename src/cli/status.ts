import type { Database } from '../store/postgres/pool.ts';
import { type LookSettings, withDatabase } from './database.ts';
import type { CommandContext } from './process-context.ts';
import { readStatus, type Status } from './status/read.ts';
import { statusRows } from './status/rows.ts';
import { statusLines } from './status/text.ts';
import { type Look, watch } from './status/watch.ts';
import { watchOnTerminal } from './status/watch-on-terminal.ts';
import { type JsonOptions, jsonForm, printJson } from './terminal/json.ts';
import type { Style } from './terminal/style.ts';
import type { Terminal } from './terminal/terminal-block.ts';

export type StatusOptions = JsonOptions & {
  all?: boolean;
  failIfStale?: boolean;
  /** Seconds between two looks. */
  watch?: number;
};

type StatusContext = Omit<CommandContext, 'style'> & {
  /** A terminal whose cursor can be moved. */
  terminal: Terminal | null;
  /** Asked again for each look, because a terminal may be resized. */
  style: () => Style;
};

/**
 * Prints whether anything needs a person, each account's freshness, and its cases by status. Returns exit code 1 if that
 * was asked for and an account is stale.
 */
export async function runStatus(
  settings: LookSettings,
  options: StatusOptions,
  context: StatusContext,
): Promise<number> {
  let isStale = false;
  await withDatabase(settings, context.log, async (database) => {
    if (options.watch !== undefined) return watchStatus(database, { ...options, watch: options.watch }, context);
    const status = await readStatus(database, context.signal);
    isStale = status.accounts.some((account) => account.is_stale === true);
    await printStatus(status, options, context);
  });
  return options.failIfStale === true && isStale ? 1 : 0;
}

async function printStatus(status: Status, options: StatusOptions, { print, style }: StatusContext): Promise<void> {
  const form = jsonForm(options);
  if (form !== null) return printJson(statusRows(status), form, print);
  print(statusLines(status, { style: style(), all: options.all ?? false }).join('\n'));
}

async function watchStatus(
  database: Database,
  options: StatusOptions & { watch: number },
  context: StatusContext,
): Promise<void> {
  const { terminal, style, signal, print } = context;
  const { watch: seconds, all = false } = options;
  const read = () => readStatus(database, signal);
  const isForPeople = jsonForm(options) === null;
  if (terminal !== null && isForPeople) {
    using view = watchOnTerminal({ terminal, style, seconds, all });
    return await watch({ read, show: view.show, seconds, signal });
  }
  const show = async (look: Look) => {
    if (look.outage === null) await printStatus(look.status, options, context);
    else if (isForPeople) print(look.outage);
    else context.log.warn(look.outage);
    if (isForPeople) print('');
  };
  await watch({ read, show, seconds, signal });
}
