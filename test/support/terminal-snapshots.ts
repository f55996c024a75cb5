import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Style } from '../../src/cli/terminal/style.ts';
import { visible } from '../../src/cli/terminal/style.ts';
import { widthOf } from '../../src/cli/terminal/wrap.ts';
import { isSafeToShow } from './hostile-text.ts';

/** What `paint` adds. */
const PAINTED = new RegExp(`${'\u001b'}\\[\\d+m`, 'g');

const folder = join(import.meta.dirname, '../cli/snapshots/files');

const STYLES: readonly Style[] = [80, 120].flatMap((width) => [
  { width, hasColors: false },
  { width, hasColors: true },
]);

/** Texts for labels, statuses and messages that are wide, hostile, or never end. */
export const ODD_TEXTS = {
  wide: '株式会社 漢字かな 👍🏽',
  hostile: 'ACME\u001b[2J\u001b[31m\nP99999999 \u202eDENILCED \u05d0\u05d1\u05d2',
  unbroken: 'x'.repeat(200),
};

type Rendered = {
  lines: (style: Style) => readonly string[] /** Texts that must stay whole. */;
  ids: readonly string[];
};

/**
 * Compares what a command prints with the stored texts, at 80 and 120 columns, with and without colours, and checks that
 * no line is wider, no id is cut, and nothing in it is obeyed by the terminal.
 */
export function testSnapshots(name: string, { lines, ids }: Rendered): void {
  test.each(STYLES)(`${name} fits $width columns, colours: $hasColors`, async (style) => {
    const text = visible(lines(style).join('\n'));
    const plain = text.replaceAll(PAINTED, '');
    expect(plain.split('\n').filter((line) => widthOf(line) > style.width)).toEqual([]);
    expect(ids.filter((id) => !plain.includes(id))).toEqual([]);
    expect(isSafeToShow(plain)).toBe(true);
    if (!style.hasColors) expect(text).toBe(plain);
    const file = `${name}.${style.width}${style.hasColors ? '.colours' : ''}.txt`;
    await expect(`${text.replaceAll('\u001b', '<esc>')}\n`).toMatchFileSnapshot(join(folder, file));
  });
}
