import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCaseIndex } from '../../src/sync/case-index.ts';

const hash = (text: string) => createHash('sha256').update(text).digest();

const idOf = (number: number) => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

const short = (text: string) => hash(text).subarray(0, 16);

const marks = (text: string, content: string | null = null) => ({
  fingerprint: hash(text),
  contentHash: content === null ? null : short(content),
});

const packed = (number: number, text: string, { missing = false, content = text } = {}) =>
  Buffer.concat([
    Buffer.from(idOf(number).replaceAll('-', ''), 'hex'),
    short(text).subarray(0, 12),
    short(content).subarray(0, 12),
    Buffer.from([missing ? 1 : 0]),
  ]);

describe('the case index', () => {
  it('finds what was loaded and added, by id and by fingerprint, and nothing else', () => {
    const index = createCaseIndex();
    index.load(Buffer.concat([packed(1, 'a'), packed(2, 'b', { missing: true })]));
    const third = index.add(idOf(3), marks('c'));
    expect(index.withFingerprint(hash('a'))).toBe(index.withId(idOf(1)));
    expect(index.withId(idOf(3))).toBe(third);
    expect(index.idOf(third)).toBe(idOf(3));
    expect(index.withFingerprint(hash('d'))).toBe(-1);
    expect(index.withId(idOf(4))).toBe(-1);
    expect(index.isMissing(index.withId(idOf(2)))).toBe(true);
    expect(index.presentBefore()).toBe(1);
  });

  it('no longer finds a case by a fingerprint that was renewed', () => {
    const index = createCaseIndex();
    const position = index.add(idOf(1), marks('before'));
    index.renew(position, marks('after'));
    expect(index.withFingerprint(hash('before'))).toBe(-1);
    expect(index.withFingerprint(hash('after'))).toBe(position);
  });

  it('finds a case by its content hash as long as that is its current one', () => {
    const index = createCaseIndex();
    index.load(packed(1, 'a', { content: 'said' }));
    index.load(packed(2, 'b'));
    expect(index.withContent(short('said'))).toBe(0);
    index.renew(0, marks('c', 'said otherwise'));
    expect(index.withContent(short('said'))).toBe(-1);
    expect(index.withContent(short('said otherwise'))).toBe(0);
    index.renew(0, marks('d'));
    expect(index.withContent(short('said otherwise'))).toBe(-1);
    expect(index.withFingerprint(hash('b'))).toBe(1);
  });

  it('forgets with each new answer what the last one had', () => {
    const index = createCaseIndex();
    index.load(packed(1, 'a'));
    index.beginAnswer();
    index.see(0);
    expect(index.unseen()).toEqual([]);
    index.beginAnswer();
    expect(index.isSeen(0)).toBe(false);
    expect(index.unseen()).toEqual([idOf(1)]);
  });

  it('counts a case once, by its greatest outcome, and a returned one beside that', () => {
    const index = createCaseIndex();
    index.load(Buffer.concat([packed(1, 'a', { missing: true }), packed(2, 'b')]));
    index.beginAnswer();
    index.welcome(0);
    index.settle(0, 'unchanged');
    index.settle(0, 'updated');
    index.settle(0, 'unchanged');
    expect(index.tally()).toEqual({ created: 0, updated: 1, unchanged: 0, returned: 1 });
  });

  it('behaves like two maps, at any size', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3000), fc.string()), { maxLength: 6000, size: 'max' }), (steps) => {
        const index = createCaseIndex();
        const model = new Map<string, string>();
        for (const [number, text] of steps) {
          const id = idOf(number);
          const key = `${id} ${text}`;
          const held = index.withId(id);
          expect(held !== -1).toBe(model.has(id));
          if (held === -1) index.add(id, marks(key));
          else index.renew(held, marks(key));
          model.set(id, key);
        }
        for (const [id, key] of model) expect(index.idOf(index.withFingerprint(hash(key)))).toBe(id);
        expect(index.withFingerprint(hash('what nobody has'))).toBe(-1);
      }),
      { numRuns: 10 },
    );
  });
});
