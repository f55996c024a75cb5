import { styleText } from 'node:util';
import { visibleText } from '../../model/visible-text.ts';

export type Format = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** How text looks on stdout. */
export type Style = {
  /** In columns of the terminal. */
  width: number;
  hasColors: boolean;
};

type Variables = Readonly<Record<string, string | undefined>>;
type Stream = { terminal: { columns: number } | null; variables: Variables };

/** The width of a terminal that does not tell, and of output that goes elsewhere. */
const USUAL_WIDTH = 80;
const NARROWEST = 20;

/** The style of stdout now; a terminal may be resized. Without a terminal, COLUMNS may name the width. */
export function styleOf({ terminal, variables }: Stream): Style {
  const told = terminal === null ? wholeNumberIn(variables.COLUMNS) : terminal.columns;
  const width = Math.max(told || USUAL_WIDTH, NARROWEST);
  return { width, hasColors: mayColor({ isTerminal: terminal !== null, variables }) };
}

/** Whether output may be coloured. FORCE_COLOR stands above NO_COLOR (https://no-color.org), as in Node. */
export function mayColor({ isTerminal, variables }: { isTerminal: boolean; variables: Variables }): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: name } = variables;
  if (forced !== undefined) return !['0', 'false'].includes(forced);
  return isTerminal && !refused && name !== 'dumb';
}

/** The text in a format, if the style has colours. Escape the text before: `visible` lets formats pass. */
export function paint({ hasColors }: Pick<Style, 'hasColors'>, format: Format, text: string): string {
  return hasColors && text.trim() !== '' ? styleText(format, text, { validateStream: false }) : text;
}

/** The sequences of `paint`: bold, dim, their end, four colours, their end. */
const PAINTED = new RegExp(`(${String.raw`\u001b\[(?:1|2|22|31|32|33|36|39)m`})`);

/** Text in which unsafe characters are visible, apart from the formats of `paint`. */
export function visible(text: string): string {
  return text
    .split(PAINTED)
    .map((part, index) => (index % 2 === 1 ? part : visibleText(part)))
    .join('');
}

function wholeNumberIn(text = ''): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : 0;
}
