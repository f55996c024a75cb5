import { expect, test } from 'vitest';
import { ListSplitter } from '../../src/json-list/splitter.ts';

test('the splitter holds no more for an element sent byte by byte than for one sent at once', () => {
  const splitter = new ListSplitter({ salt: '', maxItemBytes: 8 * 1024 * 1024 });
  const push = (chunk: Buffer) => [...splitter.split(chunk)];
  push(Buffer.from('["'));
  const letter = Buffer.from('x');
  const before = process.memoryUsage().rss;
  for (let index = 0; index < 2 * 1024 * 1024; index += 1) push(letter);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  expect(push(Buffer.from('"]'))[0]?.size).toBe(2 * 1024 * 1024 + 2);
});
