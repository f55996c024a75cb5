import { type Terminal, TerminalBlock } from '../terminal/terminal-block.ts';
import { progressText } from './text.ts';

const REDRAW_EVERY_MS = 250;

/** A line at the end of the terminal's output with the rows so far and their rate. Without a terminal, nothing. */
export class ExportProgress implements Disposable {
  readonly #block: TerminalBlock | null;
  readonly #timer: NodeJS.Timeout;
  #view = '';
  #rows = 0;
  #startedMs = 0;

  constructor(terminal: Terminal | null) {
    this.#block = terminal === null ? null : new TerminalBlock(terminal);
    this.#timer = setInterval(() => this.#draw(), REDRAW_EVERY_MS).unref();
  }

  start(view: string): void {
    this.#view = view;
    this.#rows = 0;
    this.#startedMs = performance.now();
    this.#draw();
  }

  add(rows: number): void {
    this.#rows += rows;
  }

  /** Removes the line, before something else is printed. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#block?.erase();
  }

  #draw(): void {
    const seconds = (performance.now() - this.#startedMs) / 1000;
    this.#block?.draw([{ text: progressText({ view: this.#view, rows: this.#rows, seconds }) }]);
  }
}
