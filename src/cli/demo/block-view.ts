import type { Restatement } from '../../sandbox/restatements.ts';
import type { CaseTotals, RecordedTransition } from '../../store/runs/status.ts';
import { sizeOf, type Terminal, TerminalBlock } from '../terminal/terminal-block.ts';
import { type BlockState, blockLines } from './block-lines.ts';
import type { DemoRun } from './lines.ts';
import type { DemoView, Places } from './view.ts';

const REDRAW_EVERY_MS = 1_000;
const KEPT = { transitions: 5, restatements: 3 };

/** Keeps a block of lines at the end of a terminal's output. */
export class BlockView implements DemoView {
  readonly #terminal: Terminal;
  readonly #block: TerminalBlock;
  readonly #resized = () => this.#draw();
  /** Null before the pages answer, and at the end. */
  #state: BlockState | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#block = new TerminalBlock(terminal);
    terminal.on('resize', this.#resized);
  }

  starting(): void {
    this.#terminal.write('Starting sandbox, Postgres and worker; this takes some seconds …\n');
  }

  listening(places: Places): void {
    this.#state = { places, totals: null, transitions: [], restatements: [], isStopping: false };
    this.#draw();
  }

  kept(totals: CaseTotals): void {
    this.#change((state) => ({ ...state, totals: state.totals ?? totals }));
  }

  ran(_run: DemoRun, transitions: readonly RecordedTransition[], totals: CaseTotals): void {
    this.#change((state) => ({
      ...state,
      totals,
      transitions: [...state.transitions, ...transitions].slice(-KEPT.transitions),
    }));
  }

  restated(restatement: Restatement): void {
    this.#change((state) => ({
      ...state,
      restatements: [...state.restatements, restatement].slice(-KEPT.restatements),
    }));
  }

  stopping(): void {
    this.#change((state) => ({ ...state, isStopping: true }));
    this.#draw();
  }

  /** Lets other output, such as a line of the log, appear above the block. */
  above(write: () => void): void {
    this.#block.erase();
    write();
    this.#draw();
  }

  stopped(): void {
    this[Symbol.dispose]();
    this.#terminal.write('Stopped.\n');
  }

  [Symbol.dispose](): void {
    this.#terminal.off('resize', this.#resized);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#state = null;
  }

  #change(change: (state: BlockState) => BlockState): void {
    if (this.#state === null) return;
    this.#state = change(this.#state);
    this.#timer ??= setTimeout(() => this.#draw(), REDRAW_EVERY_MS).unref();
  }

  #draw(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#state !== null) this.#block.draw(blockLines(this.#state, sizeOf(this.#terminal)));
  }
}
