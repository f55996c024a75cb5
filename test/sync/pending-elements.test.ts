import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/model/list.ts';
import { createWaiting } from '../../src/sync/pending-elements.ts';

const element = (caseId: string | null, bytes = Buffer.from('{}')): Element => ({
  fingerprint: Buffer.alloc(32),
  content: { hash: Buffer.alloc(16), caseId },
  bytes,
  size: bytes.length,
  depth: 0,
});

const positions = new Map([['known', 7]]);
const newWaiting = () => createWaiting((id) => positions.get(id) ?? -1);

/** How many such elements it takes until they are due. */
function enough(one: Element): number {
  const waiting = newWaiting();
  let count = 0;
  for (; !waiting.isDue(); count += 1) waiting.add(one);
  return count;
}

describe('elements that wait', () => {
  test('are due when there are twenty-five', () => {
    expect(enough(element('new'))).toBe(25);
  });

  test('are due before that when they have half a megabyte', () => {
    expect(enough(element('new', Buffer.alloc(100 * 1024)))).toBe(6);
  });

  test('are due at once when one of them may be of any case', () => {
    expect(enough(element(null))).toBe(1);
    expect(enough({ ...element('new'), content: null })).toBe(1);
    expect(enough({ ...element('new'), content: null, bytes: null })).toBe(1);
  });

  test('tell of which known cases they are, until they are taken', () => {
    const waiting = newWaiting();
    waiting.add(element('new'));
    expect([-1, 7].map(waiting.has)).toEqual([false, false]);
    waiting.add(element('known'));
    expect([-1, 7, 8].map(waiting.has)).toEqual([false, true, false]);
    expect(waiting.takeAll().map((one) => one.content?.caseId)).toEqual(['new', 'known']);
    expect(waiting.has(7)).toBe(false);
    expect(waiting.takeAll()).toEqual([]);
  });

  test('begin anew once they are taken', () => {
    const waiting = newWaiting();
    for (const one of [element(null), element('new', Buffer.alloc(600 * 1024))]) {
      waiting.add(one);
      expect(waiting.isDue()).toBe(true);
      waiting.takeAll();
      expect(waiting.isDue()).toBe(false);
    }
  });

  test('hold what was received, whatever becomes of its memory', () => {
    const waiting = newWaiting();
    const received = Buffer.from('{"id":1}');
    waiting.add(element('new', received));
    received.fill(0);
    expect(String(waiting.takeAll()[0]?.bytes)).toBe('{"id":1}');
  });
});
