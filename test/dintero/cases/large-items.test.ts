import { describe, expect, test } from 'vitest';
import { parseItem } from '../../../src/dintero/cases/parse.ts';
import { caseOf, ID, item, parse, parseText, rejection } from '../../support/list-item.ts';

describe('a large item', () => {
  test('is a case with 10,000 events', () => {
    const events = Array.from({ length: 10_000 }, (_, id) => ({ id }));
    expect(caseOf(parse(item({ events }))).events).toHaveLength(10_000);
  });

  test('keeps a hundred of 40,001 problems, and counts the others', () => {
    const events = Array.from({ length: 20_000 }, (_, index) => ({ id: index, created_at: 'x', case_status: 1 }));
    const { problems } = caseOf(parse(item({ events, package: 1 })));
    expect(problems).toHaveLength(101);
    expect(problems[100]).toEqual({ path: '', reason: '39901 more fields are not as documented' });
  });

  test('names a list with 400,000 wrong elements once, with little memory', () => {
    const before = process.memoryUsage().rss;
    for (const field of ['products', 'payment_options']) {
      const parsed = caseOf(parseText(`{"id":"${ID}","events":[],"${field}":[${'0,'.repeat(399_999)}0]}`));
      expect(parsed.problems).toMatchObject([{ path: `${field}[0]` }]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  test('is rejected for the first of 400,000 invalid events, with little memory', () => {
    const before = process.memoryUsage().rss;
    const text = `{"id":"${ID}","events":[${'0,'.repeat(399_999)}0]}`;
    expect(rejection(parseText(text))).toBe('events[0]: expected an object, found a number');
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });

  test('is rejected when Postgres cannot store a number at its end', () => {
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
      expect(rejection(parsed)).toMatch(/at most 1000 digits/);
    }
  });
});
