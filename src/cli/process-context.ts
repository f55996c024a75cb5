import { type Config, readConfig, readSettings } from '../config/config.ts';
import { createLog, type Log } from '../log.ts';

/** The process, as commands see it. */
export type ProcessContext = {
  arguments: readonly string[];
  variables: NodeJS.ProcessEnv;
  cwd: string;
  /** Aborts at SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** Whether stderr is one. */
  isTerminal: boolean;
  /** Writes a line to stdout. */
  print: (line: string) => void;
  printError: (line: string) => void;
  setExitCode: (code: number) => void;
};

/** A command's output: the log on stderr, results on stdout. */
export type Output = Pick<ProcessContext, 'print'> & { log: Log };

/** A long-running command's part of the process. */
export type CommandContext = Pick<ProcessContext, 'signal'> & Output;

/** The configuration with its accounts, and a log of its level; throws a ConfigError. */
export async function readAll(context: ProcessContext): Promise<{ config: Config; log: Log }> {
  const config = await readConfig({ env: context.variables, cwd: context.cwd });
  return { config, log: createLogAt(config.logLevel, context) };
}

/** The settings of a command that needs no account, and a log of their level; throws a ConfigError. */
export function readDatabaseOnly(context: ProcessContext) {
  const settings = readSettings({ env: context.variables, cwd: context.cwd });
  return { settings, log: createLogAt(settings.logLevel, context) };
}

/** A log to stderr. */
export function createLogAt(level: string, { isTerminal }: ProcessContext): Log {
  return createLog({ level, terminal: isTerminal });
}
