import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createContentHasher } from '../../src/json-list/content-hash.ts';

const contentHash = createContentHasher('parser 1');
const hashOf = (text: string | Buffer): string | null => contentHash(Buffer.from(text))?.toString('hex') ?? null;

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });
// Few different keys and values, so that two documents are often nearly the same.
const keys = fc.constantFrom('a', 'b', 'ab', 'æ', '', 'id', 'created_at');
const scalars = fc.constantFrom<unknown>(null, true, 0, 1, -1.5e-7, '', 'a', '"', '\\', '},{', ']', 'æ🙈', '1');
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalars, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
const documents = fc.dictionary(keys, values, { minKeys: 1, maxKeys: 6, noNullPrototype: true });

/** The value as JSON text, its keys in an order and with spaces that follow from `whim`. */
function spelled(value: unknown, whim: () => { first: boolean; space: string }): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const around = (text: string) => `${whim().space}${text}${whim().space}`;
  if (Array.isArray(value)) return `[${value.map((each) => around(spelled(each, whim))).join()}${whim().space}]`;
  const members: string[] = [];
  for (const [key, each] of Object.entries(value)) {
    const member = `${around(JSON.stringify(key))}:${around(spelled(each, whim))}`;
    if (whim().first) members.unshift(member);
    else members.push(member);
  }
  return `{${members.join()}${whim().space}}`;
}

const whims = fc.infiniteStream(fc.record({ first: fc.boolean(), space }));
const spell = (value: unknown, whim: Iterator<{ first: boolean; space: string }>) =>
  spelled(value, () => whim.next().value ?? { first: false, space: '' });

describe('the content hash', () => {
  test('stays when keys are put in another order, or space between tokens', () => {
    fc.assert(
      fc.property(documents, whims, (document, whim) => {
        const hash = hashOf(JSON.stringify(document));
        expect(hash).toMatch(/^[\da-f]{32}$/);
        expect(hashOf(spell(document, whim))).toBe(hash);
      }),
      { numRuns: 1000 },
    );
  });

  test('is half of a SHA-256 of the salt and the document without space', () => {
    const digest = createHash('sha256').update('content of parser 1\n{"a":[1,{"b":true}]}').digest('hex');
    expect(hashOf(' \n{ "a" : [ 1, { "b":true } ] }\t')).toBe(digest.slice(0, 32));
  });

  test('is that of another document exactly when the two are equal as JSON', () => {
    fc.assert(
      fc.property(documents, documents, (one, other) => {
        expect(hashOf(JSON.stringify(one)) === hashOf(JSON.stringify(other))).toBe(isDeepStrictEqual(one, other));
      }),
      { numRuns: 3000 },
    );
  });

  test('of changed bytes equals that of the document only if both are equal as JSON', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom('', ...'{}[]",:\\ 0a-.e'), fc.nat({ max: 2 }));
    fc.assert(
      fc.property(documents, fc.array(change, { minLength: 1, maxLength: 3 }), (document, changes) => {
        const text = JSON.stringify(document);
        let other = text;
        for (const [where, put, taken] of changes) {
          const at = where % (other.length + 1);
          other = other.slice(0, at) + put + other.slice(at + taken);
        }
        if (hashOf(other) !== hashOf(text)) return;
        expect(JSON.parse(other)).toEqual(document);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['the order of an array', '{"a":[1,2]}', '{"a":[2,1]}'],
    ['where a member is', '{"a":{"b":1},"c":{}}', '{"a":{},"c":{"b":1}}'],
    ['which key has which value', '{"a":1,"b":2}', '{"a":2,"b":1}'],
    ['text that looks like a number', '{"a":1}', '{"a":"1"}'],
    ['an empty array and an empty object', '{"a":[]}', '{"a":{}}'],
    ['a value inside quotes that looks like two', '{"a":"1,\\"b\\":2"}', '{"a":"1","b":2}'],
    ['how a number is spelled, which Postgres keeps', '{"a":1.5}', '{"a":1.50}'],
    ['how a text is spelled, to be on the safe side', '{"a":"A"}', '{"a":"\\u0041"}'],
  ])('tells apart %s', (_what, one, other) => {
    expect(hashOf(one)).not.toBeNull();
    expect(hashOf(one)).not.toBe(hashOf(other));
  });

  test('depends on the salt', () => {
    const bytes = Buffer.from('{"a":1}');
    expect(createContentHasher('parser 2')(bytes)).not.toEqual(contentHash(bytes));
  });

  test.each([
    ['that is there twice, and whose last one holds', '{"a":1,"b":2,"a":3}'],
    ['that is there twice inside', '{"a":[{"b":{"c":1,"c":1}}]}'],
    ['that may be there twice in another spelling', '{"a":1,"\\u0061":2}'],
  ])('is null for a document with a key %s', (_what, text) => {
    expect(hashOf(text)).toBeNull();
  });

  test.each([
    '',
    ' ',
    '1',
    '"a"',
    '[]',
    '{',
    '}',
    '{]',
    '{}}',
    '{} {}',
    '{,}',
    '{"a"}',
    '{"a":}',
    '{"a" 1}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1 2}',
    '{"a":1"b":2}',
    '{"a":"b}',
    '{"a":"b\\"}',
    '{"a":"b\\',
    '{a:1}',
    '{a":1}',
    '{1"a":2}',
    '{"a":[1,]}',
    '{"a":[1 2]}',
    '{"a":[1}',
    '{"a":[}]',
    '{"a":\u00a01}',
    '{"a":\f1}',
    '\ufeff{}',
    '{"a":1}\0',
  ])('is null for %j, which is no JSON object', (text) => {
    expect(hashOf(text)).toBeNull();
  });

  test('is null for a document that is nested deeper than 64 levels', () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(hashOf(nested(64))).not.toBeNull();
    expect(hashOf(nested(65))).toBeNull();
  });

  test('of a large document does not depend on the order of its many keys', () => {
    const members = Array.from({ length: 20_000 }, (_, n) => `"key ${n}":[${n}]`);
    const hash = hashOf(`{${members}}`);
    expect(hash).not.toBeNull();
    expect(hashOf(`{${members.toReversed()}}`)).toBe(hash);
  });

  test('of a document does not depend on the document before it', () => {
    const hash = hashOf('{"a":[1,{"b":2}]}');
    hashOf('{"a":[{"c":"d","e":[1,2,3,');
    expect(hashOf('{"a":[1,{"b":2}]}')).toBe(hash);
  });

  test('tells keys apart whose own hashes, by which members are sorted, are equal', () => {
    const hash = hashOf('{"klym":1,"k1zrf":2,"k2lon":3,"k2no0":4}');
    expect(hashOf('{"k2no0":4,"k1zrf":2,"klym":1,"k2lon":3}')).toBe(hash);
    expect(hashOf('{"k2no0":4,"k1zrf":1,"klym":2,"k2lon":3}')).not.toBe(hash);
    expect(hashOf('{"k1zrf":1,"klym":2,"k1zrf":1}')).toBeNull();
  });
});
