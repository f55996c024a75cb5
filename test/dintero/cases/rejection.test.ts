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

  test.each(['events', 'products'])('without keeping an issue for each of 400,000 invalid elements: %s', (field) => {
    const before = process.memoryUsage().rss;
    const text = `{"id":"${ID}","events":[],"${field}":[${'0,'.repeat(399_999)}0]}`;
    expect(rejection(parseText(text))).toMatch(new RegExp(`^${field}\\[0\\]: expected`));
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  test('when an event id is repeated with different content', () => {
    const events = [{ id: 1, case: { a: 1 } }, { id: 2 }, { id: 1, case: { a: 2 } }];
    const reason = 'events[2]: expected a unique id, found that of an earlier event with different content';
    expect(rejection(parse(item({ events })))).toBe(reason);
    expect(rejection(parse(item({ events, package: 1 })))).toBe(reason);
  });

  test.each(['created_at', 'updated_at', 'deleted_at'])('when %s is no date-time', (field) => {
    expect(rejection(parse(item({ [field]: '2023-11-07' })))).toBe(
      `${field}: expected an RFC 3339 date-time, found a string`,
    );
    expect(rejection(parse(item({ [field]: 1 })))).toBe(`${field}: expected an RFC 3339 date-time, found a number`);
  });

  test('when the time of an event is no date-time', () => {
    const events = [{ id: 1 }, { id: 2, created_at: '2023-11-31T00:00:00Z' }];
    expect(rejection(parse(item({ events })))).toBe(
      'events[1].created_at: expected an RFC 3339 date-time, found a string',
    );
  });

  test.each([
    [{ case_for: [] }, 'case_for: expected an object, found an array'],
    [{ case_for: { account_id: 1 } }, 'case_for.account_id: expected a string, found a number'],
    [{ case_for: { payout_destination_id: 1 } }, 'case_for.payout_destination_id: expected a string, found a number'],
    [
      { case_for: { payout_destination_name: {} } },
      'case_for.payout_destination_name: expected a string, found an object',
    ],
    [
      { case_for: { payout_destination_description: true } },
      'case_for.payout_destination_description: expected a string, found a boolean',
    ],
    [{ case_for: { payout_reference: [] } }, 'case_for.payout_reference: expected a string, found an array'],
    [{ products: 'payout' }, 'products: expected an array, found a string'],
    [{ products: ['payout', 1] }, 'products[1]: expected a string, found a number'],
    [{ products: [null] }, 'products[0]: expected a string, found null'],
    [{ case_request: 'x' }, 'case_request: expected an object, found a string'],
    [{ case_request: { checks: {} } }, 'case_request.checks: expected an array, found an object'],
    [{ case_request: { checks: [1] } }, 'case_request.checks[0]: expected a string, found a number'],
    [{ case_request: { countryCode: 47 } }, 'case_request.countryCode: expected a string, found a number'],
    [{ case_request: { organizationNumber: 9 } }, 'case_request.organizationNumber: expected a string, found a number'],
    [
      { case_request: { requireContractSigning: 'true' } },
      'case_request.requireContractSigning: expected a boolean, found a string',
    ],
    [{ case_request: { referenceId: 1 } }, 'case_request.referenceId: expected a string, found a number'],
    [{ account_id: 1 }, 'account_id: expected a string, found a number'],
    [{ package: 1 }, 'package: expected a string, found a number'],
    [{ actions_on_approval: 'x' }, 'actions_on_approval: expected an array, found a string'],
    [{ actions_on_approval: [{}] }, 'actions_on_approval[0]: expected a string, found an object'],
    [{ payment_options: {} }, 'payment_options: expected an array, found an object'],
    [{ created_by: {} }, 'created_by: expected a string, found an object'],
    [{ deleted_by: 1 }, 'deleted_by: expected a string, found a number'],
    [{ events: [{ id: 1, event: 1 }] }, 'events[0].event: expected a string, found a number'],
    [{ events: [{ id: 1, case_status: 1 }] }, 'events[0].case_status: expected a string, found a number'],
    [{ events: [{ id: 1, request_id: 1 }] }, 'events[0].request_id: expected a string, found a number'],
    [{ events: [{ id: 1, error: {} }] }, 'events[0].error: expected a string, found an object'],
    [{ events: [{ id: 1, created: [] }] }, 'events[0].created: expected an object, found an array'],
    [{ events: [{ id: 1, created: { case_id: 1 } }] }, 'events[0].created.case_id: expected a string, found a number'],
    [
      { events: [{ id: 1, created: { contract_url: 1 } }] },
      'events[0].created.contract_url: expected a string, found a number',
    ],
    [
      { events: [{ id: 1, case_status: 'X'.repeat(513) }] },
      'events[0].case_status: expected a string of at most 512 characters, found a string',
    ],
  ])('when a field with a column has the wrong type: %j', (fields, reason) => {
    expect(rejection(parse(item(fields)))).toBe(reason);
  });

  test.each([
    ['12345678901234567890', '12345678901234567891'],
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

  test('for its identity rather than for an earlier problem', () => {
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
    ['{"\\udc00":1,"\\udc00":2}', half],
    ['1e1001', `: ${tooLong}`],
    ['[-1E-1001]', `: ${tooLong}`],
    ['0e99999', `: ${tooLong}`],
    ['{"a":1e1001,"a":1}', `: ${tooLong}`],
    ['1'.repeat(1001), `: ${tooLong}`],
    [`0.${'1'.repeat(1001)}`, `: ${tooLong}`],
    [`-1.${'1'.repeat(500)}${'0'.repeat(600)}e5`, `: ${tooLong}`],
  ])('when Postgres cannot store it: %#', (details, reason) => {
    const text = `{"id":"${ID}","events":[],"case_request":{"details":${details}}}`;
    expect(rejection(parseText(text))).toMatch(reason);
  });

  test('when Postgres cannot store it, also if it is large', () => {
    for (const filler of [
      '\\\\'.repeat(2_000_000),
      'a'.repeat(4_000_000),
      '\\u0001'.repeat(600_000),
      '","'.repeat(700_000),
    ]) {
      const text = `{"id":"${ID}","events":[],"a":["${filler}"],"b":1e9999}`;
      const parsed = parseItem({
        fingerprint: Buffer.alloc(32),
        bytes: Buffer.from(text),
        size: text.length,
        depth: 2,
      });
      expect(rejection(parsed)).toBe(`: ${tooLong}`);
    }
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
    expect(caseIdOf(parse(item({ package: 1 })))).toBe(ID);
    expect(caseIdOf(parseText(`{"id":"${ID}","events":[],"a":"\\u0000"}`))).toBe(ID);
    expect(caseIdOf(parse({ id: 'x', events: [] }))).toBeNull();
    expect(caseIdOf(parse([ID]))).toBeNull();
  });

  test('without values in path or reason', () => {
    const personal = fc.string({ minLength: 6, unit: fc.constantFrom(...'ÆØÅæøå@#') });
    fc.assert(
      fc.property(personal, fc.constantFrom('id', 'created_at', 'products', 'case_for', 'events'), (value, field) => {
        const parsed = parse(item({ [value]: value, package: 1, [field]: value }));
        expect(rejection(parsed)).not.toContain(value);
      }),
    );
  });
});
