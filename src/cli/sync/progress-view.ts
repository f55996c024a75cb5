import type { Account as ReadAccount } from '../../model/account.ts';
import type { Progress, RunState } from '../../model/run.ts';
import { presentCases } from '../../store/cases/queries.ts';
import type { Database } from '../../store/postgres/pool.ts';
import type { Style } from '../terminal/style.ts';
import { sizeOf, type Terminal, TerminalBlock } from '../terminal/terminal-block.ts';
import { type AccountProgress, progressLines } from './progress-lines.ts';

/** How far the runs of a sync are, for a person who waits. */
export type SyncView = {
  /** `known` has the cases of each account as of the run before. */
  begin: (accountIds: readonly string[], known: ReadonlyMap<string, number>) => void;
  /** `progress` may be asked until the run ends. */
  started: (accountId: string, progress: () => Progress) => void;
  /** Another run of the account is under way. */
  locked: (accountId: string) => void;
  /** Null: the run could not be closed. */
  ended: (accountId: string, state: RunState | null) => void;
  /** Removes what is drawn, before the results are printed. */
  end: () => void;
};

const REDRAW_EVERY_MS = 250;

type Account = { id: string; phase: AccountProgress['phase'] } & Partial<{
  progress: () => Progress;
  startedMs: number;
  state: RunState | null;
}>;

/** A block at the end of the terminal's output, with a line for each account. */
export class ProgressView implements SyncView {
  readonly #terminal: Terminal;
  readonly #style: () => Style;
  readonly #signal: AbortSignal;
  readonly #block: TerminalBlock;
  readonly #accounts = new Map<string, Account>();
  readonly #resized = () => this.#draw();
  #known: ReadonlyMap<string, number> = new Map();
  #timer: NodeJS.Timeout | null = null;

  constructor(terminal: Terminal, { style, signal }: { style: () => Style; signal: AbortSignal }) {
    this.#terminal = terminal;
    this.#style = style;
    this.#signal = signal;
    this.#block = new TerminalBlock(terminal);
  }

  begin(accountIds: readonly string[], known: ReadonlyMap<string, number>): void {
    for (const id of accountIds) this.#accounts.set(id, { id, phase: 'queued' });
    this.#known = known;
    this.#terminal.on('resize', this.#resized);
    this.#timer = setInterval(() => this.#draw(), REDRAW_EVERY_MS).unref();
    this.#draw();
  }

  started(id: string, progress: () => Progress): void {
    this.#accounts.set(id, { id, phase: 'running', progress, startedMs: performance.now() });
  }

  locked(id: string): void {
    this.#accounts.set(id, { id, phase: 'locked' });
  }

  ended(id: string, state: RunState | null): void {
    this.#accounts.set(id, { ...this.#accounts.get(id), id, phase: 'ended', state });
  }

  /** Lets a line of the log appear above the block. */
  above(write: () => void): void {
    this.#block.erase();
    write();
    this.#draw();
  }

  end(): void {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#terminal.off('resize', this.#resized);
    this.#block.erase();
  }

  #draw(): void {
    if (this.#timer === null) return;
    const { columns, rows } = sizeOf(this.#terminal);
    const style = { ...this.#style(), width: columns };
    const accounts = [...this.#accounts.values()].map((account) => this.#shown(account));
    this.#block.draw(
      progressLines(accounts, { rows, style, isStopping: this.#signal.aborted }).map((text) => ({ text })),
    );
  }

  #shown({ id, phase, progress, startedMs, state = null }: Account): AccountProgress {
    const known = this.#known.get(id);
    if (phase === 'running' && progress !== undefined && startedMs !== undefined) {
      return { id, known, phase, progress: progress(), seconds: (performance.now() - startedMs) / 1_000 };
    }
    if (phase === 'ended') return { id, known, phase, state, progress: progress?.() ?? null };
    return { id, known, phase: phase === 'locked' ? 'locked' : 'queued' };
  }
}

/** Begins with the numbers of cases that the database has of these accounts. */
export async function beginView(view: SyncView, accounts: readonly ReadAccount[], database: Database): Promise<void> {
  const ids = accounts.map(({ id }) => id);
  view.begin(ids, await presentCases(database, ids));
}
