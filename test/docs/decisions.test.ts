import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../docs/decisions');
const read = (file: string) => readFile(join(folder, file), 'utf8');

const files = (await readdir(folder)).filter((file) => file !== 'README.md').sort();
const titleOf = (text: string) => text.split('\n', 1)[0]?.replace(/^# /, '') ?? '';

describe('a decision', () => {
  it.each(files)('%s has its number, context, decision and at most 150 words', async (file) => {
    const text = await read(file);
    expect(file).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
    expect(titleOf(text)).toMatch(new RegExp(`^${Number(file.slice(0, 4))}\\. `));
    expect(text).toContain('**Context.**');
    expect(text).toContain('**Decision.**');
    expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(150);
  });
});

describe('the index of decisions', () => {
  it('has every decision by number, title and file, and no number twice', async () => {
    const rows = [...(await read('README.md')).matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(
      ([, number = '', text = '']) => ({
        number: Number(number),
        text,
      }),
    );
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
    for (const file of files) {
      const number = Number(file.slice(0, 4));
      const title = titleOf(await read(file)).replace(/^\d+\. /, '');
      expect(rows.find((row) => row.number === number)?.text).toBe(`[${title}](${file})`);
    }
  });
});
