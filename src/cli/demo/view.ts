import type { Restatement } from '../../sandbox/restatements.ts';
import type { CaseTotals, RecordedTransition } from '../../store/runs/status.ts';
import type { DemoRun } from './lines.ts';

/** Starts this program again. In a package by its path, because npx puts no command on the PATH of another terminal. */
const COMMAND = import.meta.filename.endsWith('.ts') ? 'npm run -s cdd-sync --' : quoted(process.argv[1] ?? '');
/** For another terminal in the same folder. */
export const LOOK_COMMAND = `${COMMAND} status, in another terminal`;

/** Where the parts of a running demo are. */
export type Places = {
  /** The address of the pages, without a path. */
  pages: string;
  /** Why the pages are not at their usual address; empty if they are. */
  note: string;
  sandbox: string;
  databaseUrl: string;
};

/** How a person sees the demo: a block on a terminal, lines elsewhere. */
export type DemoView = Disposable & {
  starting: () => void;
  /** The pages answer. */
  listening: (places: Places) => void;
  /** The cases that an earlier demo has left. */
  kept: (totals: CaseTotals) => void;
  /** A run changed something. Its newest transitions, oldest first. */
  ran: (run: DemoRun, transitions: readonly RecordedTransition[], totals: CaseTotals) => void;
  /** The past of a case is known differently since the last run. */
  restated: (restatement: Restatement) => void;
  /** Writes something else, a line of the log for instance. */
  above: (write: () => void) => void;
  stopping: () => void;
  stopped: () => void;
};

/** The address of the page of a case. */
export function casePage(pages: string, { accountId, caseId }: Pick<Restatement, 'accountId' | 'caseId'>): string {
  return `${pages}/cases/${accountId}/${caseId}`;
}

/** A path as a word of a shell's command. */
function quoted(path: string): string {
  return /^[\w./:@-]+$/.test(path) ? path : `'${path}'`;
}
