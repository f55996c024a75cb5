import { count } from '../../model/number-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { type Terminal, TerminalBlock } from './terminal-block.ts';

const REDRAW_EVERY_MS = 250;

/** A line at the end of the terminal's output: the account, and its cases so far. Without a terminal, nothing. */
export class CaseProgress implements Disposable {
  readonly #block: TerminalBlock | null;
  #drawnMs = 0;

  constructor(terminal: Terminal | null) {
    this.#block = terminal === null ? null : new TerminalBlock(terminal);
  }

  show({ accountId, cases, of }: { accountId: string; cases: number; of: number }): void {
    if (performance.now() - this.#drawnMs < REDRAW_EVERY_MS) return;
    this.#drawnMs = performance.now();
    this.#block?.draw([{ text: `${visibleLine(accountId)}  ${count(cases)} of ${count(of)} cases` }]);
  }

  /** Removes the line, before something else is printed. */
  [Symbol.dispose](): void {
    this.#block?.erase();
  }
}
