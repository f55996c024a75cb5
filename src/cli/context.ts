import type { Log } from '../log.ts';

/** A command's output: the log on stderr, results on stdout. */
export type Output = {
  log: Log;
  /** Writes a line to stdout. */
  print: (line: string) => void;
};

/** What every long-running command gets from the process. */
export type CommandContext = Output & {
  /** Aborts at SIGINT or SIGTERM. */
  signal: AbortSignal;
};
