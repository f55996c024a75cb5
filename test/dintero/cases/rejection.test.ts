import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseItem } from '../../../src/dintero/cases/parse.ts';
import type { ParsedItem } from '../../../src/model/case.ts';
import { ID, item, parse, parseText, rejection } from '../../support/list-item.ts';

describe('an item is rejected', () => {
  test.each([
    [null, ': expected an object, found null'],
    [[], ': expected an object, found an array'],
    ['x', ': expected an object, found a string'],
    [1, ': expected an object, found a number'],
    [true, ': expected an object, found a boolean'],
    [{}, 'id: expected a uuid, found nothing'],
    [{ events: [] }, 'id: expected a uuid, found nothing'],
    [item({ id: null }), 'id: expected a uuid, found null'],
    [item({ id: 7 }), 'id: expected a uuid, found a number'],
    [item({ id: [ID] }), 'id: expected a uuid, found an array'],
    [item({ id: `0${ID}` }), 'id: expected a uuid, found a string'],
    [item({ id: `${ID}0` }), 'id: expected a uuid, found a string'],
    [item({ id: ID.slice(1) }), 'id: expected a uuid, found a string'],
    [item({ id: `{${ID}}` }), 'id: expected a uuid, found a string'],
    [item({ id: ID.replaceAll('-', '') }), 'id: expected a uuid, found a string'],
    [{ id: ID }, 'events: expected an array, found nothing'],
    [item({ events: null }), 'events: expected an array, found null'],
    [item({ events: {} }), 'events: expected an array, found an object'],
    [item({ events: [{ id: 1 }, null] }), 'events[1]: expected an object, found null'],
    [item({ events: [[]] }), 'events[0]: expected an object, found an array'],
    [item({ events: [{}] }), 'events[0].id: expected an integer below 2^53, found nothing'],
    [item({ events: [{ id: null }] }), 'events[0].id: expected an integer below 2^53, found null'],
    [item({ events: [{ id: '1' }] }), 'events[0].id: expected an integer below 2^53, found a string'],
    [item({ events: [{ id: 1.5 }] }), 'events[0].id: expected an integer below 2^53, found a number'],
    [item({ events: [{ id: 2 ** 53 }] }), 'events[0].id: expected an integer below 2^53, found a number'],
  ])('for a missing or wrong identity: %j', (value, reason) => {
    expect(rejection(parse(value))).toBe(reason);
  });

  test('when an event id is repeated with different content', () => {
    const events = [{ id: 1, case: { a: 1 } }, { id: 2 }, { id: 1, case: { a: 2 } }];
    const reason = 'events[2]: expected a unique id, found that of an earlier event with different content';
    expect(rejection(parse(item({ events })))).toBe(reason);
    expect(rejection(parse(item({ events, package: 1 })))).toBe(reason);
  });

  test.each([
    ['12345678901234567890', '12345678901234567891'],
    ['-12345678901234567891', '-12345678901234567892'],
    ['0.1', '0.10000000000000000001'],
    ['1e400', '1e401'],
    ['1e-400', '0'],
    ['-1e400', '1e400'],
    ['"1"', '1'],
  ])('when an event id occurs twice, and only a number differs: %s and %s', (one, other) => {
    const events = [one, other].map((number) => `{"id":7,"case":{"a":[${number}]}}`);
    const parsed = parseText(`{"id":"${ID}","events":[{"id":1},${events.join()}]}`);
    expect(rejection(parsed)).toBe(
      'events[2]: expected a unique id, found that of an earlier event with different content',
    );
  });

  test.each(['9007199254740990.5', '-4503599627370498.5', '45035996273704985e-1'])(
    'when an event id is an integer only as a double: %s',
    (id) => {
      const parsed = parseText(`{"id":"${ID}","events":[{"id":9007199254740991},{"id":${id}}]}`);
      expect(rejection(parsed)).toBe('events[1].id: expected an integer below 2^53, found a number');
    },
  );

  test('but not for an event id below 2^53 in another spelling', () => {
    const parsed = parseText(`{"id":"${ID}","events":[{"id":9007199254740991.0},{"id":45035996273704980e-1}]}`);
    expect(parsed.kind).toBe('case');
  });

  test('for its identity alone', () => {
    const parsed = parse({ case_for: 1, products: 1, events: [{ created_at: 'x' }], id: ID });
    expect(rejection(parsed)).toBe('events[0].id: expected an integer below 2^53, found nothing');
  });

  const tooLong = 'expected numbers of at most 1000 digits, found a longer or larger one';
  const nul = /^: expected text that Postgres can store, found U\+0000 at character \d+$/;
  const half = /^: expected text that Postgres can store, found half a surrogate pair at character \d+$/;
  test.each([
    ['"\\u0000"', nul],
    ['["a\\\\\\u0000b"]', nul],
    ['{"a\\u0000":1}', nul],
    ['{"a":"\\u0000","a":1}', nul],
    ['{"a":"\\uD83D"}', half],
    ['["\\ud83d","\\ude48"]', half],
    ['["\\ud83d\\n\\ude48"]', half],
    ['"\\ud83dx\\ude48"', half],
    ['"\\ud83d\\ud83d\\ude48"', half],
    ['{"a":"\\ude48\\ud83d"}', half],
    ['{"\\udc00":1}', half],
    ['"\\ud800"', half],
    ['"\\udfff"', half],
    ['"\\ud800\\ue000"', half],
    ['{"\\udc00":1,"\\udc00":2}', half],
    ['1e1001', `: ${tooLong}`],
    ['[-1E-1001]', `: ${tooLong}`],
    ['[12.5e1001]', `: ${tooLong}`],
    ['0e99999', `: ${tooLong}`],
    ['{"a":1e1001,"a":1}', `: ${tooLong}`],
    ['1'.repeat(1001), `: ${tooLong}`],
    [`0.${'1'.repeat(1001)}`, `: ${tooLong}`],
    [`-1.${'1'.repeat(500)}${'0'.repeat(600)}e5`, `: ${tooLong}`],
  ])('when Postgres cannot store it: %#', (details, reason) => {
    const text = `{"id":"${ID}","events":[],"case_request":{"details":${details}}}`;
    expect(rejection(parseText(text))).toMatch(reason);
  });

  test('with the place of the text that cannot be stored', () => {
    const place = (text: string) => rejection(parseText(`{"id":"${ID}","events":[],"a":"${text}"}`));
    const before = `{"id":"${ID}","events":[],"a":"`.length;
    const expected = ': expected text that Postgres can store, found';
    expect(place('xyz\\u0000')).toBe(`${expected} U+0000 at character ${before + 4}`);
    expect(place('\\n\\ude48')).toBe(`${expected} half a surrogate pair at character ${before + 3}`);
    expect(place('\\ud83dxyz')).toBe(`${expected} half a surrogate pair at character ${before + 1}`);
  });

  test('when it is nested deeper than 512 levels', () => {
    const nested = (levels: number) =>
      parseText(`{"id":"${ID}","events":[],"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`);
    expect(nested(512).kind).toBe('case');
    expect(rejection(nested(513))).toBe(': expected at most 512 levels of nesting, found 513');
    expect(nested(200_000)).toMatchObject({ rejection: { caseId: ID } });
  });

  test('when it is larger than the limit, with its size', () => {
    const parsed = parseItem({
      fingerprint: Buffer.alloc(32),
      bytes: null,
      size: 17_000_000,
      depth: 3,
    });
    expect(parsed).toEqual({
      kind: 'rejected',
      rejection: { caseId: null, path: '', reason: 'larger than api.maxItemMegabytes allows: 17000000 bytes' },
    });
  });

  test('with the id of its case in lower case, if it is readable', () => {
    const caseIdOf = (parsed: ParsedItem) => (parsed.kind === 'rejected' ? parsed.rejection.caseId : 'not rejected');
    expect(caseIdOf(parse({ id: ID.toUpperCase() }))).toBe(ID);
    expect(caseIdOf(parse(item({ events: [{}] })))).toBe(ID);
    expect(caseIdOf(parseText(`{"id":"${ID}","events":[],"a":"\\u0000"}`))).toBe(ID);
    expect(caseIdOf(parse({ id: 'x', events: [] }))).toBeNull();
    expect(caseIdOf(parse([ID]))).toBeNull();
  });

  test('without values in path or reason', () => {
    const personal = fc.string({ minLength: 6, unit: fc.constantFrom(...'ÆØÅæøå@#') });
    fc.assert(
      fc.property(personal, fc.constantFrom('id', 'events'), (value, field) => {
        const parsed = parse(item({ [value]: value, [field]: value }));
        expect(rejection(parsed)).not.toContain(value);
      }),
    );
  });
});
