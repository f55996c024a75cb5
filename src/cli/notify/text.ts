import type { Channel } from '../../config/notify.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { paint, type Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';

/** The outcome of a test message. */
export type TestResult = { channel: string; type: Channel['type']; ok: boolean; message: string };

const INDENT = 8;

/** A paragraph for each channel. */
export function testResultLines(results: readonly TestResult[], style: Style): string[] {
  return results.flatMap(({ channel, ok, message }) => {
    const text = visibleLine(`${channel}: ${message}`);
    return wrap(text, style.width - INDENT, 'broken').map((line, index) => {
      const mark = (index > 0 ? '' : ok ? 'ok' : 'FAILED').padEnd(INDENT);
      return `${paint(style, ok ? 'green' : 'red', mark)}${line}`;
    });
  });
}
