import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ListSplitter, type SplitterOptions } from '../../src/json-list/splitter.ts';
import type { Element } from '../../src/model/list.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { copyElement } from '../support/list-server.ts';

const SALT = 'parser 1';

type Options = Partial<SplitterOptions> & { sizes?: number[] };

function split(input: Buffer, { sizes = [], ...options }: Options = {}): Element[] {
  const splitter = new ListSplitter({ salt: SALT, maxItemBytes: 1024 * 1024, ...options });
  const found: Element[] = [];
  let at = 0;
  for (const size of [...sizes, input.length]) {
    // Each chunk is a copy: the splitter must not depend on the memory of earlier ones.
    for (const element of splitter.split(Buffer.from(input.subarray(at, at + size)))) found.push(copyElement(element));
    at += size;
  }
  splitter.end();
  return found;
}

function failure(input: Buffer | string, sizes: number[] = []): SyncError {
  try {
    split(Buffer.from(input), { sizes });
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  throw new Error('the splitter took it');
}

/** Objects with the same first key, and with separators of elements inside of strings and arrays. */
const alike = fc.array(
  fc
    .tuple(fc.constantFrom('id', 'a'), fc.constantFrom(1, '},{"id":', [{ id: 1 }, { id: 2 }], { id: {} }), fc.nat(2))
    .map(([key, value, more]) => JSON.stringify({ [key]: value, more })),
  { maxLength: 30 },
);

const values = (elements: Element[]): unknown[] => elements.map((element) => JSON.parse(String(element.bytes)));
const singleBytes = (input: Buffer): number[] => Array.from({ length: input.length }, () => 1);
const fingerprint = (text: string): Buffer => createHash('sha256').update(`${SALT}\n${text}`).digest();

const whitespace = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });
const chunkSizes = fc.array(fc.nat({ max: 12 }), { maxLength: 200 });
/** An array as text, its elements as they stand in it, and how many bytes are not elements. */
const arrays = fc
  .array(fc.tuple(whitespace, fc.json(), fc.nat({ max: 3 }), whitespace), { maxLength: 12 })
  .chain((items) => fc.record({ items: fc.constant(items), before: whitespace, after: whitespace, mark: fc.boolean() }))
  .map(({ items, before, after, mark }) => {
    const texts = items.map(([, json, indent]) => JSON.stringify(JSON.parse(json), null, indent));
    const inner = items.map(([left, , , right], index) => `${left}${texts[index]}${right}`).join(',');
    return { text: `${mark ? '\ufeff' : ''}${before}[${inner || before}]${after}`, texts, after };
  });

describe('the splitter', () => {
  test('gives the elements of any array in chunks of any size, as JSON.parse reads them', () => {
    fc.assert(
      fc.property(arrays, chunkSizes, ({ text, texts }, sizes) => {
        const elements = split(Buffer.from(text), { sizes });
        expect(elements.map((element) => String(element.bytes))).toEqual(texts);
        expect(values(elements)).toEqual(JSON.parse(text.replace(/^\ufeff/, '')));
        expect(elements.map((element) => element.size)).toEqual(texts.map((each) => Buffer.byteLength(each)));
        expect(elements.map((element) => element.fingerprint)).toEqual(texts.map(fingerprint));
      }),
      { numRuns: 500 },
    );
  });

  test('calls any beginning of an array TRUNCATED, never a list', () => {
    fc.assert(
      fc.property(arrays, chunkSizes, fc.double({ min: 0, max: 1, noNaN: true }), ({ text, after }, sizes, where) => {
        const whole = Buffer.from(text);
        const untilBracket = whole.length - Buffer.byteLength(after) - 1;
        const error = failure(whole.subarray(0, Math.floor(where * untilBracket)), sizes);
        expect(error.code).toBe('TRUNCATED');
        expect(error.retryable).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('gives the same elements whether they are known or not', () => {
    fc.assert(
      fc.property(alike, fc.array(fc.boolean()), chunkSizes, whitespace, (texts, areKnown, sizes, space) => {
        const known = new Set(
          texts.filter((_, index) => areKnown[index]).map((text) => fingerprint(text).toString('hex')),
        );
        const input = Buffer.from(`[${texts.join(`${space},`)}]`);
        const isKnown = (each: Buffer) => known.has(each.toString('hex'));
        for (const chunks of [[], sizes]) {
          const elements = split(input, { sizes: chunks, isKnown });
          expect(elements.map((element) => String(element.bytes))).toEqual(texts);
          expect(elements.map((element) => element.fingerprint)).toEqual(texts.map(fingerprint));
          expect(elements.map((element) => element.size)).toEqual(texts.map((text) => text.length));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('gives the elements before an error, and then the error', () => {
    const splitter = new ListSplitter({ salt: SALT, maxItemBytes: 1024 });
    const elements = splitter.split(Buffer.from('[{"id":1},{"id":2} 3]'));
    expect(String(elements.next().value?.bytes)).toBe('{"id":1}');
    expect(String(elements.next().value?.bytes)).toBe('{"id":2}');
    expect(() => elements.next()).toThrow('lacks a comma');
  });

  test('does not scan a known element', () => {
    const texts = ['{"id":1,"a":[[]]}', '{"id":2,"a":[[]]}', '{"id":3,"a":[[]]}', '{"id":4,"a":[[]]}'];
    const elements = split(Buffer.from(`[${texts.join()}]`), {
      isKnown: (each) => !each.equals(fingerprint('{"id":3,"a":[[]]}')),
    });
    // The separator is learned from the first two, and the last has none after it.
    expect(elements.map((element) => element.depth)).toEqual([3, 0, 3, 3]);
  });

  /** How often the splitter asks whether an element is known, in a list of forty of these. */
  const questions = (text: string, isKnown: boolean): number => {
    let asked = 0;
    const count = () => {
      asked += 1;
      return isKnown;
    };
    const elements = split(Buffer.from(`[${Array.from({ length: 40 }, () => text).join()}]`), { isKnown: count });
    expect(elements.map(({ bytes }) => bytes?.toString())).toEqual(Array.from({ length: 40 }, () => text));
    return asked;
  };

  test('asks whether an element is known as long as its predictions are right, known or not', () => {
    expect(questions('{"id":1}', false)).toBe(38);
    expect(questions('{"id":1}', true)).toBe(38);
  });

  test('asks no more when its predictions were wrong too often', () => {
    expect(questions('{"id":[{"id":1},{"id":2}]}', false)).toBe(17);
  });

  test('without known elements scans each', () => {
    const elements = split(Buffer.from('[{"a":[]},{"a":[]},{"a":[]}]'));
    expect(elements.map((element) => element.depth)).toEqual([2, 2, 2]);
  });

  test('knows an element of the largest size, and none above', () => {
    const text = '{"id":1}';
    const input = Buffer.from(`[${[text, text, text, text].join()}]`);
    const options = { isKnown: () => true };
    const largest = split(input, { ...options, maxItemBytes: text.length });
    expect(largest.map(({ depth }) => depth)).toEqual([1, 0, 0, 1]);
    const larger = split(input, { ...options, maxItemBytes: text.length - 1 });
    expect(larger.map(({ bytes, depth }) => [bytes, depth])).toEqual(Array.from({ length: 4 }, () => [null, 1]));
  });

  test.each([64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 300_000])(
    'gives an element of %i bytes whole, and its fingerprint, in chunks of any size',
    (size) => {
      const numbers = Array.from({ length: 60_000 }, (_, number) => number).join();
      const element = JSON.stringify(numbers.slice(0, size - 2));
      const input = Buffer.from(`[${element},1]`);
      for (const sizes of [[], Array.from({ length: 20 }, () => 40_000), [size - 10]]) {
        const [first] = split(input, { sizes });
        expect(first?.bytes?.toString() === element).toBe(true);
        expect(first).toMatchObject({ fingerprint: fingerprint(element), size });
      }
    },
  );

  test('reads escapes, characters of several bytes and literals across chunks', () => {
    const input = Buffer.from('["a\\"]\\\\","\\u00e6Æ 🙈",-1.5e+3,null,true,{"[":"}\\\\\\""},[]]');
    expect(values(split(input, { sizes: singleBytes(input) }))).toEqual(JSON.parse(input.toString()));
  });

  test('counts the depth of an element by its arrays and objects, not by brackets in strings', () => {
    const elements = split(Buffer.from('["[[", 1, [], {"a":[{"b":1},[]]}, "}]", [[[1]], [1]]]'));
    expect(elements.map((element) => element.depth)).toEqual([0, 0, 1, 3, 0, 3]);
  });

  test.each([0, 1, 7, 100])('does not keep an element that is too large, but hashes it (chunks of %i)', (chunk) => {
    const large = JSON.stringify({ a: ['x'.repeat(400)] });
    const input = Buffer.from(`[1,${large},{"b":2}]`);
    const sizes = chunk === 0 ? [] : Array.from({ length: 500 }, () => chunk);
    const elements = split(input, { sizes, maxItemBytes: large.length - 1 });
    expect(elements.map((element) => element.bytes?.toString() ?? null)).toEqual(['1', null, '{"b":2}']);
    expect(elements[1]).toEqual({
      fingerprint: fingerprint(large),
      bytes: null,
      size: large.length,
      depth: 2,
    });
    expect(split(input, { sizes, maxItemBytes: large.length })[1]?.bytes?.toString()).toBe(large);
  });

  test.each([
    ['an empty body', '', 'before the array began'],
    ['only spaces', ' \n', 'before the array began'],
    ['half a byte order mark', Buffer.from([0xef, 0xbb]), 'before the array began'],
    ['only the opening bracket', '[', 'before its closing bracket'],
    ['the middle of a string', '[{"a":"b', 'before its closing bracket'],
    ['a comma', '[1,', 'before its closing bracket'],
    ['a literal', '[tru', 'before its closing bracket'],
  ])('calls %s TRUNCATED, and says where it ends', (_what, input, where) => {
    expect(failure(input)).toMatchObject({ code: 'TRUNCATED', message: `ends early, ${where}` });
  });

  test.each([
    ['an object', '{"error":{"message":"no"}}', "'{', which looks like a single object"],
    ['HTML', '\n<!doctype html>', "'<', which looks like HTML"],
    ['a bare string', '"[]"', 'looks like a single string'],
    ['a bare literal', 'null', "begins with 'n'"],
    ['gzip', Buffer.from([0x1f, 0x8b, 0x08]), 'no text'],
    ['half a byte order mark before the array', Buffer.from([0xef, 0xbb, 0x5b, 0x5d]), 'no text'],
    ['a byte order mark after a space', Buffer.from([0x20, 0xef, 0xbb, 0xbf, 0x5b, 0x5d]), 'no text'],
    ['a missing comma', '[{} {}]', 'lacks a comma'],
    ['a missing comma between strings', '["a""b"]', 'lacks a comma'],
    ['a string grown onto a number', '[1"a,b"]', 'lacks a comma'],
    ['a double comma', '[1,,2]', 'where an element belongs'],
    ['a leading comma', '[,1]', 'where an element belongs'],
    ['a trailing comma', '[1,]', 'where an element belongs'],
    ['the wrong closing bracket', '[1}', 'lacks a comma'],
    ['text after the array', '[1] x', 'goes on after its closing bracket'],
    ['text after an empty array', '[] x', 'goes on after its closing bracket'],
    ['two arrays', '[1][2]', 'goes on after its closing bracket'],
  ])('calls %s NOT_JSON and says what it saw', (_what, input, words) => {
    const error = failure(input);
    expect(error.code).toBe('NOT_JSON');
    expect(error.retryable).toBe(false);
    expect(error.message).toContain(words);
    expect(failure(input, singleBytes(Buffer.from(input))).message).toBe(error.message);
  });
});
