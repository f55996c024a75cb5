import type { Lease } from '../app.ts';
import type { Config, DatabaseSettings } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { LookSettings } from './database.ts';
import { mayColor, type Style } from './terminal/style.ts';
import type { Terminal } from './terminal/terminal-block.ts';

// Configuration and log are loaded when a verb needs them: `--help` and a shell that completes words need neither.

/** The process, as commands see it. */
export type ProcessContext = {
  arguments: readonly string[];
  variables: NodeJS.ProcessEnv;
  cwd: string;
  /** Aborts at SIGINT, SIGTERM or SIGHUP. */
  signal: AbortSignal;
  /** Whether stderr is a terminal. */
  isTerminal: boolean;
  /** stdout, if it is a terminal. */
  terminal: Terminal | null;
  /** Writes to stdout as it is, and resolves when it is written. @throws SyncError CANCELLED when it cannot be. */
  writeOutput: (chunk: string | Uint8Array) => Promise<void>;
  /** Writes a line to stdout. Gives a promise to wait for, if the reader is slower; only long output needs to wait. */
  print: (line: string) => unknown;
  printError: (line: string) => unknown;
  setExitCode: (code: number) => void;
};

/** A command's output: the log on stderr, results on stdout, in the style of stdout. */
export type Output = Pick<ProcessContext, 'print'> & { log: Log; style: Style };

/** A long-running command's part of the process. */
export type CommandContext = Pick<ProcessContext, 'signal'> & Output & { lease?: Lease };

/** stdout, if it is a terminal whose cursor can be moved. */
export function movableTerminal({
  terminal,
  variables,
}: Pick<ProcessContext, 'terminal' | 'variables'>): Terminal | null {
  return variables.TERM === 'dumb' ? null : terminal;
}

/** The configuration with its accounts, and a log of its level, which `around` writes; throws a ConfigError. */
export async function readConfigAndLog(
  context: ProcessContext,
  around?: (write: () => void) => void,
): Promise<{ config: Config; log: Log }> {
  const { readConfig } = await import('../config/config.ts');
  const config = await readConfig({ env: context.variables, cwd: context.cwd });
  return { config, log: await createStderrLog(config.logLevel, context, around) };
}

/** The settings of a command that needs no account, and a log of their level; throws a ConfigError. */
export async function readSettingsAndLog(context: ProcessContext): Promise<{ settings: DatabaseSettings; log: Log }> {
  const { readSettings } = await import('../config/config.ts');
  const settings = readSettings({ env: context.variables, cwd: context.cwd });
  return { settings, log: await createStderrLog(settings.logLevel, context) };
}

/** The settings and the log of a command that only looks: without a configuration, at a demo that runs here. */
export async function readLookSettings(context: ProcessContext): Promise<{ settings: LookSettings; log: Log }> {
  const { isConfigured } = await import('../config/config.ts');
  const { settings, log } = await readSettingsAndLog(context);
  if (isConfigured({ env: context.variables, cwd: context.cwd })) return { settings, log };
  return { settings: { ...settings, onDemo: () => context.printError('looking at the running demo') }, log };
}

/** A log to stderr. Every line is written by `around`, which may make room for it on the terminal. */
export async function createStderrLog(
  level: string,
  { isTerminal, variables }: ProcessContext,
  around?: (write: () => void) => void,
): Promise<Log> {
  const { createLog } = await import('../log.ts');
  const colors = mayColor({ isTerminal, variables });
  return createLog({ level, terminal: isTerminal, colors, ...(around !== undefined && { around }) });
}
