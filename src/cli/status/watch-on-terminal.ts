import { counted } from '../../model/counted.ts';
import { fullTime } from '../../model/time-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { paint, type Style, visible } from '../terminal/style.ts';
import { sizeOf, type Terminal, TerminalBlock } from '../terminal/terminal-block.ts';
import { wrap } from '../terminal/wrap.ts';
import { statusLines } from './text.ts';
import type { Look } from './watch.ts';

type Options = { terminal: Terminal; style: () => Style; seconds: number; all: boolean };

/** Draws each look in place of the one before, also when the terminal is resized. */
export function watchOnTerminal({ terminal, style, seconds, all }: Options): Disposable & {
  show: (look: Look) => void;
} {
  const block = new TerminalBlock(terminal);
  let shown: Look | null = null;
  const draw = () => {
    if (shown === null) return;
    const { columns, rows } = sizeOf(terminal);
    // A block leaves the last column free.
    const narrower = { ...style(), width: columns - 1 };
    const lines = linesOf(shown, { style: narrower, seconds, all });
    block.draw(fitting(lines, rows - 1).map((text) => ({ text: visible(text) })));
  };
  terminal.on('resize', draw);
  return {
    show(look) {
      shown = look;
      draw();
    },
    [Symbol.dispose]: () => void terminal.off('resize', draw),
  };
}

function linesOf(look: Look, { style, seconds, all }: { style: Style; seconds: number; all: boolean }): string[] {
  const { outage, status } = look;
  const problem =
    outage === null ? [] : wrap(visibleLine(outage), style.width).map((line) => paint(style, 'red', line));
  if (status === null) return problem;
  const time = `${outage === null ? '' : 'As it was at '}${fullTime(status.clock.now, status.clock)}`;
  const head = `${time}, every ${seconds} s; Ctrl-C ends`;
  return [...problem, paint(style, 'dim', head), '', ...statusLines(status, { style, all })];
}

/** Cuts lines off at the end, because the needs stand at the beginning. */
function fitting(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length < rows) return lines;
  const kept = lines.slice(0, Math.max(rows - 2, 1));
  return [...kept, `… ${counted(lines.length - kept.length, 'line')} more: make the terminal higher`];
}
