import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Element, Parsed } from '../../src/case.ts';
import { SyncError } from '../../src/case.ts';
import { createCutter } from '../../src/dintero/elements.ts';
import { parseItem } from '../../src/dintero/parse.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

function element(text: string | Buffer): Element {
  const cutter = createCutter({ salt: '', maxItemBytes: 1024 * 1024 });
  const [only] = cutter.push(Buffer.concat([Buffer.from('['), Buffer.from(text), Buffer.from(']')]));
  if (only === undefined) throw new Error('that is no element');
  return only;
}

const parseText = (text: string): Parsed => parseItem(element(text));
const parse = (item: unknown): Parsed => parseText(JSON.stringify(item));

/** The smallest item that is a case, with other fields. */
const item = (fields: Record<string, unknown> = {}) => ({ id: ID, events: [], ...fields });

function rejection(parsed: Parsed): string {
  if (parsed.kind === 'case') throw new Error('it was taken as a case');
  return `${parsed.rejection.path}: ${parsed.rejection.reason}`;
}

function caseOf(parsed: Parsed) {
  if (parsed.kind === 'rejected') throw new Error(rejection(parsed));
  return parsed.case;
}

function thrownBy(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('an item is a case', () => {
  test('with its times in microseconds, its events in the order of the document, its text as received', () => {
    const text = ` {"id" : "${ID.toUpperCase()}", "created_at":"2023-11-07T05:31:56.123456Z", "events": [
      {"id":2, "case_status":"ACTIVE", "created_at":"2023-11-08T00:00:00+01:00"}, {"case_status":null, "id":1}] } `;
    expect(caseOf(parseText(text))).toEqual({
      id: ID,
      createdAt: 1_699_335_116_123_456,
      events: [
        { id: 2, status: 'ACTIVE', createdAt: 1_699_398_000_000_000 },
        { id: 1, status: null, createdAt: null },
      ],
      document: text.trim(),
    });
  });

  test('when nothing is there but its id and no events', () => {
    expect(caseOf(parse(item()))).toEqual({ id: ID, createdAt: null, events: [], document: JSON.stringify(item()) });
  });

  test('when everything that may be absent is null', () => {
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

  test('with statuses, event names, products and fields that nobody has heard of', () => {
    const events = [{ id: -7, event: 'case_moon', case_status: 'ON_THE_MOON', case: [1, 'x'], moon: {} }];
    const parsed = parse(item({ events, products: ['moon'], case_for: { moon: 1 }, moon: [null] }));
    expect(caseOf(parsed).events).toEqual([{ id: -7, status: 'ON_THE_MOON', createdAt: null }]);
  });

  test('when it repeats an event word for word, which is then one event', () => {
    const event = { id: 1, case_status: 'ACTIVE', case: { a: [1, { b: null }] } };
    const reordered = { case: { a: [1, { b: null }] }, id: 1, case_status: 'ACTIVE' };
    const parsed = parse(item({ events: [event, { id: 2 }, event, reordered] }));
    expect(caseOf(parsed).events.map((each) => each.id)).toEqual([1, 2]);
  });

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    'when a key is called %s',
    (key) => {
      const hostile = `{"${key}":{"id":"x","events":1,"created_at":"no"},"id":"${ID}","events":[{"${key}":{"id":"x"},"id":1}]}`;
      expect(caseOf(parseText(hostile)).document).toBe(hostile);
      expect(Object.hasOwn(Object.prototype, 'events')).toBe(false);
      expect(rejection(parseText(`{"${key}":{"id":"${ID}","events":[]}}`))).toBe('id: expected a uuid, found nothing');
    },
  );

  test('when its numbers are large, but not too large to store', () => {
    const numbers = `[${'9'.repeat(1000)}, 1e1000, -1.5E-1000, 0.${'1'.repeat(997)}, 1e400]`;
    expect(caseOf(parseText(`{"id":"${ID}","events":[{"id":1,"case":${numbers}}]}`)).id).toBe(ID);
  });

  test('when its text only looks like what cannot be stored', () => {
    const details = { a: '\\u0000', b: '\u0001æ🙈', c: `:${'1'.repeat(2000)}`, d: ', 1e9999', e: '"id": 1.5', id: 1.5 };
    const text = JSON.stringify(item({ case_request: { details } })).replace('🙈', '\\ud83d\\ude48');
    expect(caseOf(parseText(text)).document).toBe(text);
  });

  test('with events that are as many as there may be', () => {
    const events = Array.from({ length: 10_000 }, (_, id) => ({ id }));
    expect(caseOf(parse(item({ events }))).events).toHaveLength(10_000);
  });
});

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
  ])('without identity: %j', (value, reason) => {
    expect(rejection(parse(value))).toBe(reason);
  });

  test.each(['1.0', '1e0', '1E+2', '-0.0', '1.00000000000000000001'])('when an event id is written %s', (id) => {
    const reason = 'events[0].id: expected an integer written with digits only, found a fraction or exponent';
    expect(rejection(parseText(`{"id":"${ID}","events":[{"id":${id}}]}`))).toBe(reason);
    expect(rejection(parseText(`{"id":"${ID}","events":[{"\\u0069d" : ${id}}]}`))).toBe(reason);
  });

  test('when one event id comes with different content', () => {
    const events = [{ id: 1, case: { a: 1 } }, { id: 2 }, { id: 1, case: { a: 2 } }];
    const reason = 'events[2]: expected an id of its own, found that of an earlier event with different content';
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
  ])('when a column would get the wrong type: %j', (fields, reason) => {
    expect(rejection(parse(item(fields)))).toBe(reason);
  });

  test('for its identity rather than for a problem that stands before it', () => {
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

  test('when Postgres cannot store it, however large it is', () => {
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

  test('when it is nested deeper than 512 levels, however deep', () => {
    const nested = (levels: number) =>
      parseText(`{"id":"${ID}","events":[],"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`);
    expect(nested(512).kind).toBe('case');
    expect(rejection(nested(513))).toBe(': expected at most 512 levels of nesting, found 513');
    expect(nested(200_000)).toMatchObject({ rejection: { caseId: ID } });
  });

  test('when it was too large to keep, saying its size', () => {
    const parsed = parseItem({ fingerprint: Buffer.alloc(32), bytes: null, size: 17_000_000, depth: 3 });
    expect(parsed).toEqual({
      kind: 'rejected',
      rejection: { caseId: null, path: '', reason: 'larger than api.maxItemMegabytes allows: 17000000 bytes' },
    });
  });

  test('with the id of its case, in lower case, whenever that can be read', () => {
    const caseIdOf = (parsed: Parsed) => (parsed.kind === 'rejected' ? parsed.rejection.caseId : 'not rejected');
    expect(caseIdOf(parse({ id: ID.toUpperCase() }))).toBe(ID);
    expect(caseIdOf(parse(item({ package: 1 })))).toBe(ID);
    expect(caseIdOf(parseText(`{"id":"${ID}","events":[],"a":"\\u0000"}`))).toBe(ID);
    expect(caseIdOf(parse({ id: 'x', events: [] }))).toBeNull();
    expect(caseIdOf(parse([ID]))).toBeNull();
  });

  test('without its values in path or reason', () => {
    const personal = fc.string({ minLength: 6, unit: fc.constantFrom(...'ÆØÅæøå@#') });
    fc.assert(
      fc.property(personal, fc.constantFrom('id', 'created_at', 'products', 'case_for', 'events'), (value, field) => {
        const parsed = parse(item({ [value]: value, package: 1, [field]: value }));
        expect(rejection(parsed)).not.toContain(value);
      }),
    );
  });
});

describe('an element that is not JSON', () => {
  test.each([
    ['a wrong literal', Buffer.from('tru')],
    ['a comma too many', Buffer.from('{"secret":1,}')],
    ['brackets that do not match', Buffer.from('{"secret":[1}}')],
    ['a control character', Buffer.from('{"secret":"\n"}')],
    ['bytes that are not UTF-8', Buffer.from('{"secret":"\xe6"}', 'latin1')],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['not even JSON when deep', Buffer.from(`${'['.repeat(600)}secret"${']'.repeat(600)}`)],
  ])('condemns the answer, quoting nothing: %s', (_what, bytes) => {
    const read = () => parseItem({ fingerprint: Buffer.alloc(32), bytes, size: bytes.length, depth: bytes.length });
    const shallow = () => parseItem({ fingerprint: Buffer.alloc(32), bytes, size: bytes.length, depth: 1 });
    for (const attempt of [read, shallow]) {
      const error = thrownBy(attempt);
      expect(error).toBeInstanceOf(SyncError);
      expect(error).toMatchObject({ code: 'NOT_JSON', retryable: false });
      expect(inspect(error, { depth: 10 })).not.toContain('secret"');
    }
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
