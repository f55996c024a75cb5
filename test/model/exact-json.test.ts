import { expect, test } from 'vitest';
import { parseExact } from '../../src/model/exact-json.ts';

test('nested JSON keeps the digits of its numbers', () => {
  const text = '{"whole":[9007199254740993,-12345678901234567890],"part":1.10,"huge":1e400,"text":"9007199254740993"}';
  expect(JSON.stringify(parseExact(text))).toBe(text);
});
