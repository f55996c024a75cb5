import { EventEmitter } from 'node:events';

/**
 * A terminal's screen, for output with the few escape sequences that the program uses: it wraps, scrolls, and wraps the
 * lines again when its width changes. Throws at any other sequence.
 */
export class Screen extends EventEmitter {
  columns: number;
  rows: number;
  /** Lines as they were written; a line may take several rows. */
  #lines: string[] = [''];
  #line = 0;
  #column = 0;
  /** How often something was written. */
  writes = 0;

  constructor({ columns = 80, rows = 24 } = {}) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.writes += 1;
    const [plain = '', ...sequences] = text.split('\u001b[');
    for (const character of plain) this.#take(character);
    for (const sequence of sequences) {
      const [whole, count = '', command = ''] = /^(\d*|\?25)([A-Za-z])/.exec(sequence) ?? [''];
      // Whether the cursor is seen is no matter of the text.
      if (count !== '?25') this.#obey(command, Number(count));
      for (const character of sequence.slice(whole.length)) this.#take(character);
    }
    return true;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }

  /** Everything that was written, with what has scrolled away. */
  text(): string {
    return this.#lines.join('\n').trimEnd();
  }

  #obey(command: string, count: number): void {
    const kept = this.#current().slice(0, this.#column);
    if (command === 'A') this.#up(count);
    else if (command === 'B') this.#down(count);
    else if (command === 'G') this.#column = Math.max(count - 1, 0);
    else if (command === 'K') this.#lines[this.#line] = count === 2 ? '' : kept;
    else if (command === 'J') this.#lines = [...this.#lines.slice(0, this.#line), kept];
    else if (command !== 'm') throw new Error(`the screen does not know the sequence ${command}`);
  }

  #take(character: string): void {
    if (character === '\r') this.#column -= this.#column % this.columns;
    else if (character === '\n') this.#newLine();
    else if (character < ' ') throw new Error(`the screen does not know ${JSON.stringify(character)}`);
    else this.#print(character);
  }

  #current(): string {
    return this.#lines[this.#line] ?? '';
  }

  #print(character: string): void {
    const line = this.#current();
    this.#lines[this.#line] =
      `${line.slice(0, this.#column).padEnd(this.#column)}${character}${line.slice(this.#column + character.length)}`;
    this.#column += character.length;
  }

  #newLine(): void {
    this.#line += 1;
    this.#column = 0;
    this.#lines[this.#line] ??= '';
  }

  /** Moves up by rows, not by lines, and not beyond the first row that is seen. */
  #up(rows: number): void {
    const top = Math.max(0, this.#rowsBefore(this.#lines.length) - this.rows);
    const target = Math.max(top, this.#rowsBefore(this.#line) - rows);
    while (this.#rowsBefore(this.#line) > target) this.#line -= 1;
  }

  /** By lines: the tests that move down have none that takes several rows. */
  #down(lines: number): void {
    this.#line = Math.min(this.#line + lines, this.#lines.length - 1);
  }

  #rowsBefore(line: number): number {
    return this.#lines
      .slice(0, line)
      .reduce((sum, each) => sum + Math.max(1, Math.ceil(each.length / this.columns)), 0);
  }
}
