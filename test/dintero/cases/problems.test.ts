import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueAt, wholeItem, withValue, wrongFields } from '../../support/documented-fields.ts';
import { caseOf, item, parse } from '../../support/list-item.ts';

const problemsOf = (value: unknown) => caseOf(parse(value)).problems;
const readableOf = (value: unknown): unknown => JSON.parse(caseOf(parse(value)).readable ?? 'null');

describe('a value that is not as documented', () => {
  test('is one problem of its case, and null in the readable fields, whichever field has it', () => {
    const wrong = wrongFields();
    expect(wrong.length).toBeGreaterThan(150);
    for (const { keys, path, value, reason } of wrong) {
      const changed = withValue(wholeItem(), { keys, value });
      const read = caseOf(parse(changed));
      const place = `${path} = ${JSON.stringify(value)}`;
      expect(read.problems, place).toEqual([{ path, reason }]);
      expect(read.document.toString(), place).toBe(JSON.stringify(changed));
      // An element that is wrong takes its list along.
      const field = typeof keys.at(-1) === 'number' ? keys.slice(0, -1) : keys;
      const readable: unknown = JSON.parse(read.readable ?? '');
      expect(readable, place).toEqual(withValue(wholeItem(), { keys: field, value: null }));
    }
  });

  test('is none where a field is null or absent', () => {
    expect(problemsOf(wholeItem())).toEqual([]);
    for (const { keys, path } of wrongFields().filter(({ keys }) => typeof keys.at(-1) === 'string')) {
      for (const value of [null, undefined]) {
        expect(problemsOf(withValue(wholeItem(), { keys, value })), path).toEqual([]);
      }
    }
  });

  test('is none in a field that is not documented, in a status of 200 bytes or in any other text', () => {
    const long = 'x'.repeat(10_000);
    const event = { moon: 1, error: long, case: { products: 1, created_at: 1 }, case_status: 'æ'.repeat(100) };
    const events = [{ id: 1, ...event }];
    expect(
      problemsOf(
        item({ moon: [null], package: long, case_for: { moon: 1 }, case_request: { details: { id: 1 } }, events }),
      ),
    ).toEqual([]);
  });

  test('leaves the documented fields, and no other, to read', () => {
    expect(readableOf(item({ package: 1, '0': 2, moon: 3, created_by: 'me' }))).toEqual(
      item({ package: null, created_by: 'me' }),
    );
  });

  test.each([
    [{ case_status: 1 }, { status: null, createdAt: null }],
    [{ case_status: 'X'.repeat(201) }, { status: null, createdAt: null }],
    [
      { case_status: 'ACTIVE', created_at: 'x' },
      { status: 'ACTIVE', createdAt: null },
    ],
  ])('leaves status and time of its event empty: %j', (fields, read) => {
    expect(caseOf(parse(item({ events: [{ id: 1, ...fields }] }))).events).toEqual([{ id: 1, ...read }]);
  });

  test.each([
    ['2026-03-01T10:00:00', '2026-03-01T10:00:00Z', 'one without an offset, read as UTC'],
    ['2026-03-01t10:00:00.5', '2026-03-01t10:00:00.5Z', 'one without an offset, read as UTC'],
    ['2026-03-01T10:00:00+0000', '2026-03-01T10:00:00+00:00', 'one without a colon in its offset'],
    ['2026-03-01T10:00:00.123456-0000', '2026-03-01T10:00:00.123456-00:00', 'one without a colon in its offset'],
    ['2026-03-01T10:00:00+0230', '2026-03-01T10:00:00+02:30', 'one without a colon in its offset'],
  ])('is read all the same if it is a time like %s', (time, read, found) => {
    const reason = `expected an RFC 3339 date-time, found ${found}`;
    const value = item({ created_at: time, events: [{ id: 3, case_status: 'ACTIVE', created_at: time }] });
    const parsed = caseOf(parse(value));
    const micros = caseOf(parse(item({ created_at: read }))).createdAt;
    expect(micros).not.toBeNull();
    expect(parsed).toMatchObject({ createdAt: micros, events: [{ createdAt: micros }] });
    expect(parsed.problems).toEqual([
      { path: 'created_at', reason },
      { path: 'events[id=3].created_at', reason },
    ]);
    expect(valueAt(readableOf(value), ['events', 0, 'created_at'])).toBe(read);
  });

  test('is named by the id of its event, whatever stands before it, and once if the event is repeated', () => {
    const odd = { id: 7, error: {} };
    const problem = { path: 'events[id=7].error', reason: 'expected a string, found an object' };
    expect(problemsOf(item({ events: [odd] }))).toEqual([problem]);
    expect(problemsOf(item({ events: [{ id: 1 }, odd, { id: 2 }, odd] }))).toEqual([problem]);
    expect(readableOf(item({ events: [odd, { id: 2 }, odd] }))).toEqual(
      item({ events: [{ id: 7, error: null }, { id: 2 }] }),
    );
  });

  test('is kept a hundred times a case; then one problem says how many more there are', () => {
    const wrong = (count: number) => Array.from({ length: count }, (_, id) => ({ id, error: 1 }));
    const hundred = problemsOf(item({ events: wrong(99), package: 1 }));
    expect(hundred.map(({ path }) => path)).toEqual([
      'package',
      ...wrong(99).map(({ id }) => `events[id=${id}].error`),
    ]);
    const problems = problemsOf(item({ events: wrong(102), package: 1 }));
    expect(problems).toEqual([...hundred, { path: '', reason: '3 more fields are not as documented' }]);
  });

  test('is in neither path nor reason', () => {
    const personal = fc.string({ minLength: 6, unit: fc.constantFrom(...'ÆØÅæøå@#') });
    fc.assert(
      fc.property(personal, fc.constantFrom(...wrongFields()), (value, { keys }) => {
        const changed = withValue(wholeItem(), { keys, value: { [value]: value } });
        const problems = JSON.stringify(problemsOf({ ...changed, package: [value], [value]: value }));
        expect(problems).toContain('package');
        expect(problems).not.toContain(value);
      }),
    );
  });
});
