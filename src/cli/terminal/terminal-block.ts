import { styleText } from 'node:util';
import { cut, widthOf } from './wrap.ts';

/** The parts of a terminal's stream that a block needs. */
export type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows'> & {
  write: (text: string) => unknown;
  on: (event: 'resize', listener: () => void) => unknown;
  off: (event: 'resize', listener: () => void) => unknown;
};

type Size = { columns: number; rows: number };

/** The terminal's size; that of an old terminal if it does not tell. */
export function sizeOf({ columns, rows }: Size): Size {
  return { columns: columns || 80, rows: rows || 24 };
}

/** `label` is dim. A line with `isWhole`, an address for instance, is never cut: the terminal wraps it. */
export type BlockLine = { label?: string; text: string; isWhole?: true };

/**
 * Lines at the end of a terminal's output that are written again in place. The cursor is never hidden and stays below
 * them, so that the terminal is whole however the process ends. Rejected: log-update, eight packages more. It hides the
 * cursor, and when a terminal becomes narrower, parts of the block before stay.
 */
export class TerminalBlock {
  readonly #terminal: Terminal;
  #drawn: BlockLine[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Replaces the block by these lines, which must be fewer than the rows of the terminal. */
  draw(lines: readonly BlockLine[]): void {
    const cut = lines.map((line) => (line.isWhole ? line : cutLine(line, sizeOf(this.#terminal).columns - 1)));
    // Each line is erased only from its end on: a terminal that draws between two writes shows no gap.
    const text = cut.map((line) => `${styled(line)}${this.#mayErase(line) ? ERASE_LINE : ''}\n`).join('');
    this.#terminal.write(`${this.#toFirstRow()}${text}${ERASE_BELOW}`);
    this.#drawn = cut;
  }

  /** Removes the block, for other output at its place. */
  erase(): void {
    if (this.#drawn.length === 0) return;
    this.#terminal.write(`${this.#toFirstRow()}${ERASE_BELOW}`);
    this.#drawn = [];
  }

  /** Most terminals wrap the lines that are there when they become narrower, so rows are counted for today's width. */
  #toFirstRow(): string {
    const rows = this.#drawn.reduce((sum, line) => sum + rowsOf(line, sizeOf(this.#terminal).columns), 0);
    return rows === 0 ? '\r' : `\r\u001b[${rows}A`;
  }

  /** Not after a line that ends in the last column: some terminals would erase its last character. */
  #mayErase(line: BlockLine): boolean {
    return widthOf(plain(line)) % sizeOf(this.#terminal).columns !== 0 || plain(line) === '';
  }
}

const ERASE_LINE = '\u001b[K';
const ERASE_BELOW = '\u001b[J';
const LABEL_WIDTH = 10;

/** Rows that a line takes on a terminal of this width. */
export function rowsOf(line: BlockLine, columns: number): number {
  return Math.max(1, Math.ceil(widthOf(plain(line)) / columns));
}

function plain({ label = '', text }: BlockLine): string {
  return `${label === '' ? '' : label.padEnd(LABEL_WIDTH)}${text}`;
}

function styled(line: BlockLine): string {
  const { label = '' } = line;
  return `${label === '' ? '' : styleText('dim', label)}${plain(line).slice(label.length)}`;
}

function cutLine(line: BlockLine, width: number): BlockLine {
  const text = plain(line);
  const kept = cut(text, width);
  if (kept === text) return line;
  const { label = '' } = line;
  const start = text.length - line.text.length;
  return label === '' || start > kept.length ? { text: kept } : { label, text: kept.slice(start) };
}
