import { expect, test } from 'vitest';
import { printJson } from '../../../src/cli/terminal/json.ts';

async function printed(rows: object[], form: 'json' | 'jsonl'): Promise<string> {
  const lines: string[] = [];
  await printJson(rows, form, (line) => lines.push(line));
  return lines.join('\n');
}

const rows = [{ id: 1, at: new Date(0) }, { id: 2 }, { id: 3 }];

test.each([0, 1, 2, 3])('--json of %i rows is one array of them', async (count) => {
  const wanted = rows.slice(0, count);
  expect(JSON.parse(await printed(wanted, 'json'))).toEqual(JSON.parse(JSON.stringify(wanted)));
});

test('--jsonl has an object a line, and nothing for no rows', async () => {
  expect((await printed(rows, 'jsonl')).split('\n').map((line) => JSON.parse(line).id)).toEqual([1, 2, 3]);
  expect(await printed([], 'jsonl')).toBe('');
});

test('a slow reader is waited for, so that rows do not pile up in memory', async () => {
  let waiting = 0;
  let most = 0;
  const slow = async () => {
    waiting += 1;
    most = Math.max(most, waiting);
    await Promise.resolve();
    waiting -= 1;
  };
  await printJson(rows, 'jsonl', slow);
  expect(most).toBe(1);
});
