import { describe, expect, it } from 'vitest';
import { JsonShape } from '../../../src/cli/show/json-shape.ts';
import { ALL_HOSTILE_TEXTS } from '../../support/hostile-text.ts';

/** The shape of documents, each of a case of its own. */
function shapeOf(documents: readonly unknown[]): JsonShape {
  const shape = new JsonShape({ cases: documents.length, events: documents.length });
  for (const [index, document] of documents.entries()) shape.add(document, { case: index, event: index });
  return shape;
}

const linesOf = (...documents: unknown[]) =>
  shapeOf(documents)
    .rows('$')
    .map(({ path, types, cases }) => `${path} ${types.join(',')} ${cases}`);

describe('the shape of documents', () => {
  it('has objects, arrays and all types of a place, with the number of cases', () => {
    expect(
      linesOf({ b: [{ x: 1 }, { x: 'a' }, 7], a: null }, { b: [], a: true }, { b: { y: [[false]] } }, 'text', []),
    ).toEqual([
      '$ object,array,text 5',
      '$.a boolean,null 2',
      '$.b object,array 3',
      '$.b.y array 1',
      '$.b.y[*] array 1',
      '$.b.y[*][*] boolean 1',
      '$.b[*] object,number 1',
      '$.b[*].x text,number 1',
    ]);
  });

  it('is empty without documents', () => {
    expect(shapeOf([]).rows('$')).toEqual([]);
  });

  it('counts a case with two events once, and both events', () => {
    const shape = new JsonShape({ cases: 1, events: 2 });
    for (const event of [0, 1]) shape.add({ list: [1, 2] }, { case: 0, event });
    expect(shape.rows('$').map(({ cases, events }) => [cases, events])).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });
});

describe('a key that may be data', () => {
  it.each([
    '0df1c2f6-1111-4000-8000-000000000001',
    '2026-11-30',
    'Kari Nordmann',
    'kari@example.com',
    'Åse',
    'p01019012345',
    'x'.repeat(51),
    '7',
    '',
    '*',
    'a.b',
    'a"b',
  ])('is not told: %j', (key) => {
    expect(linesOf({ plain: { [key]: { level: 1 } } })).toEqual([
      '$ object 1',
      '$.plain object 1',
      '$.plain.* object 1',
      '$.plain.*.level number 1',
    ]);
  });

  it('does not hide as many plain keys beside it, and hides fewer', () => {
    expect(linesOf({ '@type': 1, name: 'a' })).toEqual(['$ object 1', '$.name text 1', '$.* number 1']);
    expect(linesOf({ 'Kari Nordmann': 1, 'Ola Hansen': 2, Madonna: 'a' })).toEqual(['$ object 1', '$.* text,number 1']);
  });

  it('is any key of an object with more than 50 over all documents, however plain', () => {
    const documents = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        people: {
          [`k${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`]: { level: 1, tags: ['a'] },
        },
      }));
    expect(linesOf(...documents(50))).toHaveLength(2 + 50 * 4);
    expect(linesOf(...documents(51))).toEqual([
      '$ object 51',
      '$.people object 51',
      '$.people.* object 51',
      '$.people.*.level number 51',
      '$.people.*.tags array 51',
      '$.people.*.tags[*] text 51',
    ]);
  });

  it('counts a case once whose keys are told as one', () => {
    const keys = Array.from({ length: 60 }, (_, index) => `k${'x'.repeat(index)}`);
    expect(linesOf(Object.fromEntries(keys.map((key) => [key, { a: 1 }])))).toEqual([
      '$ object 1',
      '$.* object 1',
      '$.*.a number 1',
    ]);
  });

  it('hides the keys of maps that become one map', () => {
    const names = Array.from({ length: 40 }, (_, index) => `n${'x'.repeat(index)}`);
    const people = (prefix: string) => Object.fromEntries(names.map((name) => [`${prefix}${name}`, 1]));
    expect(linesOf({ 'a-1': 0, 'b-1': people('a') }, { 'c-1': people('b') })).toEqual([
      '$ object 2',
      '$.* object,number 2',
      '$.*.* number 2',
    ]);
  });

  it('is every text of another program: only plain names come out', () => {
    const document = Object.fromEntries(
      ALL_HOSTILE_TEXTS.map((text, index) => [`key${'x'.repeat(index % 7)}`, { [text]: text }]),
    );
    for (const { path } of shapeOf([document]).rows('$'))
      expect(path).toMatch(/^\$(\.[A-Za-z_]\w{0,49}|\.\*|\[\*\])*$/);
  });

  it('is no part of the object: __proto__ is a key like any other', () => {
    expect(linesOf(JSON.parse('{"__proto__":{"constructor":1},"toString":2}'))).toEqual([
      '$ object 1',
      '$.__proto__ object 1',
      '$.__proto__.constructor number 1',
      '$.toString number 1',
    ]);
  });
});

describe('a limit', () => {
  it('of depth cuts deep documents off, and tells it', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`);
    const shape = shapeOf([deep]);
    expect(shape.rows('$')).toHaveLength(21);
    expect(shape.isCut).toBe(true);
    expect(shapeOf([{ a: [{}] }]).isCut).toBe(false);
  });

  it('of paths holds for documents of ever new keys', () => {
    const level = (depth: number): unknown =>
      depth === 0
        ? 1
        : Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${'x'.repeat(index)}`, level(depth - 1)]));
    const shape = shapeOf([level(4)]);
    expect(shape.rows('$')).toHaveLength(5_000);
    expect(shape.isCut).toBe(true);
  });
});
