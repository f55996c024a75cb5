import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaseIndex } from '../../src/sync/case-index.ts';

const hash = (text: string) => createHash('sha256').update(text).digest();

const idOf = (number: number) => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

const short = (text: string) => hash(text).subarray(0, 16);

const hashesOf = (text: string, content: string | null = null) => ({
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
  it('finds loaded and added cases by id and by fingerprint, and no others', () => {
    const index = new CaseIndex();
    index.load(Buffer.concat([packed(1, 'a'), packed(2, 'b', { missing: true })]));
    const third = index.add(idOf(3), hashesOf('c'));
    expect(index.withFingerprint(hash('a'))).toBe(index.withId(idOf(1)));
    expect(index.withId(idOf(3))).toBe(third);
    expect(index.idOf(third)).toBe(idOf(3));
    expect(index.withFingerprint(hash('d'))).toBe(-1);
    expect(index.withId(idOf(4))).toBe(-1);
    expect(index.isMissing(index.withId(idOf(2)))).toBe(true);
    expect(index.presentBefore).toBe(1);
  });

  it('no longer finds a case by a fingerprint that was renewed', () => {
    const index = new CaseIndex();
    const position = index.add(idOf(1), hashesOf('before'));
    index.replaceHashes(position, hashesOf('after'));
    expect(index.withFingerprint(hash('before'))).toBe(-1);
    expect(index.withFingerprint(hash('after'))).toBe(position);
  });

  it('finds a case by its current content hash, not by an earlier one', () => {
    const index = new CaseIndex();
    index.load(packed(1, 'a', { content: 'said' }));
    index.load(packed(2, 'b'));
    expect(index.withContentHash(short('said'))).toBe(0);
    index.replaceHashes(0, hashesOf('c', 'said otherwise'));
    expect(index.withContentHash(short('said'))).toBe(-1);
    expect(index.withContentHash(short('said otherwise'))).toBe(0);
    index.replaceHashes(0, hashesOf('d'));
    expect(index.withContentHash(short('said otherwise'))).toBe(-1);
    expect(index.withFingerprint(hash('b'))).toBe(1);
  });

  it('has seen no case when a new response begins', () => {
    const index = new CaseIndex();
    index.load(packed(1, 'a'));
    index.beginResponse();
    index.markSeen(0);
    expect(index.unseenIds()).toEqual([]);
    index.beginResponse();
    expect(index.isSeen(0)).toBe(false);
    expect(index.unseenIds()).toEqual([idOf(1)]);
  });

  it('finds every case by its content hash, also those that came before and after the first case with one', () => {
    const index = new CaseIndex();
    index.load(Buffer.concat([packed(1, 'a'), packed(2, 'b', { content: 'said b' }), packed(3, 'c')]));
    const fourth = index.add(idOf(4), hashesOf('d', 'said d'));
    index.replaceHashes(0, hashesOf('e', 'said e'));
    expect(['said b', 'said d', 'said e'].map((content) => index.withContentHash(short(content)))).toEqual([
      1,
      fourth,
      0,
    ]);
    expect(index.withContentHash(short('said c'))).toBe(-1);
  });

  it('has content hashes as soon as one of its cases has', () => {
    const index = new CaseIndex();
    index.load(packed(1, 'a'));
    expect(index.hasContentHashes).toBe(false);
    index.replaceHashes(0, hashesOf('b', 'said'));
    expect(index.hasContentHashes).toBe(true);
    const loaded = new CaseIndex();
    loaded.load(Buffer.concat([packed(1, 'a'), packed(2, 'b', { content: 'said' })]));
    expect(loaded.hasContentHashes).toBe(true);
  });

  it('behaves like two maps, at any size', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3000), fc.string()), { maxLength: 6000, size: 'max' }), (steps) => {
        const index = new CaseIndex();
        const model = new Map<string, string>();
        for (const [number, text] of steps) {
          const id = idOf(number);
          const key = `${id} ${text}`;
          const position = index.withId(id);
          expect(position !== -1).toBe(model.has(id));
          if (position === -1) index.add(id, hashesOf(key));
          else index.replaceHashes(position, hashesOf(key));
          model.set(id, key);
        }
        for (const [id, key] of model) expect(index.idOf(index.withFingerprint(hash(key)))).toBe(id);
        expect(index.withFingerprint(hash('what nobody has'))).toBe(-1);
      }),
      { numRuns: 10 },
    );
  });
});
