import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseItem } from '../../../src/dintero/cases/parse.ts';
import { caseOf, ID, item, parse, parseText, rejection } from '../../support/list-item.ts';

describe('an item is parsed as a case', () => {
  test('with times in microseconds, events in the order of the document, and the text as received', () => {
    const text = ` {"id" : "${ID.toUpperCase()}", "created_at":"2023-11-07T05:31:56.123456Z", "events": [
      {"id":2, "case_status":"ACTIVE", "created_at":"2023-11-08T00:00:00+01:00"}, {"case_status":null, "id":1}] } `;
    expect(caseOf(parseText(text))).toEqual({
      id: ID,
      createdAt: 1_699_335_116_123_456,
      events: [
        { id: 2, status: 'ACTIVE', createdAt: 1_699_398_000_000_000 },
        { id: 1, status: null, createdAt: null },
      ],
      document: Buffer.from(text.trim()),
      problems: [],
      hasErrors: false,
      readable: null,
    });
  });

  test('when it has only an id and no events', () => {
    expect(caseOf(parse(item()))).toEqual({
      id: ID,
      createdAt: null,
      events: [],
      document: Buffer.from(JSON.stringify(item())),
      problems: [],
      hasErrors: false,
      readable: null,
    });
  });

  test('with neither status nor time in an event that has none', () => {
    expect(caseOf(parse(item({ events: [{ id: 1 }] }))).events).toEqual([{ id: 1, status: null, createdAt: null }]);
  });

  test('with errors if an event has one that can be read', () => {
    const hasErrors = (...events: object[]) => caseOf(parse(item({ events }))).hasErrors;
    expect(hasErrors({ id: 1 }, { id: 2, error: null }, { id: 3, error: 7 })).toBe(false);
    expect(hasErrors({ id: 1 }, { id: 2, error: 'it failed' })).toBe(true);
  });

  test('when all optional fields are null', () => {
    const event = { id: 1, event: null, created_at: null, case_status: null, error: null, created: null, case: null };
    const fields = { case_for: null, products: null, case_request: null, account_id: null, created_at: null };
    const more = {
      updated_at: null,
      deleted_at: null,
      package: null,
      actions_on_approval: null,
      payment_options: null,
    };
    expect(caseOf(parse(item({ ...fields, ...more, events: [event] }))).events).toHaveLength(1);
  });

  test('with unknown statuses, event names, products and fields', () => {
    const events = [{ id: -7, event: 'case_moon', case_status: 'ON_THE_MOON', case: [1, 'x'], moon: {} }];
    const parsed = parse(item({ events, products: ['moon'], case_for: { moon: 1 }, moon: [null] }));
    expect(caseOf(parsed).events).toEqual([{ id: -7, status: 'ON_THE_MOON', createdAt: null }]);
  });

  test('when it repeats an event with equal content, as one event', () => {
    const event = { id: 1, case_status: 'ACTIVE', case: { a: [1, { b: null }] } };
    const reordered = { case: { a: [1, { b: null }] }, id: 1, case_status: 'ACTIVE' };
    const parsed = parse(item({ events: [event, { id: 2 }, event, reordered] }));
    expect(caseOf(parsed).events.map((each) => each.id)).toEqual([1, 2]);
  });

  test.each([
    ['12345678901234567890', '12345678901234567890.0'],
    ['1', '10e-1'],
    ['1.50', '15E-1'],
    ['0', '-0.0'],
    ['-1e400', '-10e+399'],
    ['0e5', '0'],
  ])('when it repeats an event with a number in another spelling: %s and %s', (one, other) => {
    const parsed = parseText(`{"id":"${ID}","events":[{"id":1,"case":[${one}]},{"id":1,"case":[${other}]}]}`);
    expect(caseOf(parsed).events).toHaveLength(1);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'when a key is called %s',
    (key) => {
      const hostile = `{"${key}":{"id":"x","events":1,"created_at":"no"},"id":"${ID}","events":[{"${key}":{"id":"x"},"id":1}]}`;
      expect(caseOf(parseText(hostile)).document.toString()).toBe(hostile);
      expect(Object.hasOwn(Object.prototype, 'events')).toBe(false);
      expect(rejection(parseText(`{"${key}":{"id":"${ID}","events":[]}}`))).toBe('id: expected a uuid, found nothing');
    },
  );

  test('when its numbers are large, but can be stored', () => {
    const numbers = `[${'9'.repeat(1000)}, 1e1000, -1.5E-1000, 0.${'1'.repeat(997)}, 1e400]`;
    expect(caseOf(parseText(`{"id":"${ID}","events":[{"id":1,"case":${numbers}}]}`)).id).toBe(ID);
  });

  test.each(['\\ud800\\udc00', '\\udbff\\udfff', '\\ud7ff\\ue000', '\\ud83d\\ude48\\n\\ud83d\\ude48'])(
    'when its escapes are characters or whole surrogate pairs: %s',
    (escapes) => {
      const text = `{"id":"${ID}","events":[],"a":"${escapes}"}`;
      expect(caseOf(parseText(text)).document.toString()).toBe(text);
    },
  );

  test('when its text only resembles values that cannot be stored', () => {
    const f = '", 1e9999, "';
    const details = {
      a: '\\u0000',
      f,
      b: '\u0001æ🙈',
      c: `:${'1'.repeat(2000)}`,
      d: ', 1e9999',
      e: '"id": 1.5',
      id: 1.5,
    };
    const text = JSON.stringify(item({ case_request: { details } })).replace('🙈', '\\ud83d\\ude48');
    expect(caseOf(parseText(text)).document.toString()).toBe(text);
  });
});

describe('an element that is not JSON', () => {
  test.each([
    ['a wrong literal', Buffer.from('tru'), 'not JSON'],
    ['a superfluous comma', Buffer.from(`{"id":"${ID}","secret":1,}`), 'not JSON'],
    ['brackets that do not match', Buffer.from('{"secret":[1}}'), 'not JSON'],
    ['a control character', Buffer.from('{"secret":"\n"}'), 'not JSON'],
    ['bytes that are not UTF-8', Buffer.from('{"secret":"\xe6"}', 'latin1'), 'not JSON: it is not text in UTF-8'],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'not JSON: it is not text in UTF-8'],
    ['deeply nested text', Buffer.from(`${'['.repeat(600)}secret"${']'.repeat(600)}`), 'not JSON'],
  ])('is rejected without its id, and not quoted: %s', (_what, bytes, reason) => {
    for (const depth of [1, bytes.length, 1000]) {
      const parsed = parseItem({ fingerprint: Buffer.alloc(32), bytes, size: bytes.length, depth });
      expect(parsed).toEqual({ kind: 'rejected', rejection: { caseId: null, path: '', reason } });
    }
  });

  test('is rejected under its id if only some text is not UTF-8', () => {
    const bytes = Buffer.from(`{"id":"${ID}","events":[],"name":"\xe6"}`, 'latin1');
    const parsed = parseItem({ fingerprint: Buffer.alloc(32), bytes, size: bytes.length, depth: 2 });
    expect(parsed).toMatchObject({ kind: 'rejected', rejection: { caseId: ID, path: '' } });
  });
});

test('any JSON value as an item is a case or rejected, never an exception', () => {
  const known = fc.constantFrom('id', 'events', 'created_at', 'case_for', 'products', 'created', 'case_status');
  const hostile = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, ID, 1, 1.5, -0, 2 ** 53, '2023-11-07T05:31:56Z', '', '\u0000', '\ud800', true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(known, fc.string()), tie('value'), { maxKeys: 5 }),
    ),
  })).value;
  fc.assert(
    fc.property(
      fc.oneof(
        hostile,
        hostile.map((value) => ({ ...item(), a: value, events: [{ id: 1, case: value }] })),
      ),
      (value) => {
        expect(['case', 'rejected']).toContain(parse(value).kind);
      },
    ),
    { numRuns: 1000 },
  );
});
