import { describe, expect, test } from 'vitest';
import { mayRefuseEtag, usableEtag } from '../../src/http/etag.ts';

describe('an etag', () => {
  test.each([
    ['strong', '"abc"'],
    ['weak', 'W/"abc"'],
    ['with a comma inside', '"a,b"'],
    ['without quotes', 'abc-123'],
    ['weak without quotes', 'W/abc'],
    ['of 1,024 characters', `"${'x'.repeat(1022)}"`],
  ])('is sent back: %s', (_what, etag) => {
    expect(usableEtag(etag)).toBe(etag);
  });

  test.each([
    ['of 1,025 characters', `"${'x'.repeat(1023)}"`],
    ['a star, which equals every list', '*'],
    ['empty', '""'],
    ['weak and empty', 'W/""'],
    ['two', '"a", "b"'],
    ['two without a space', '"a","b"'],
    ['one quote', '"abc'],
    ['a quote inside', '"a"b"'],
    ['a space', '"a b"'],
    ['a line break', '"a\r\nx-evil: 1"'],
    ['a letter beyond ASCII', '"æ"'],
    ['nothing', ''],
    ['none', null],
  ])('is not sent back: %s', (_what, etag) => {
    expect(usableEtag(etag)).toBeNull();
  });
});

test('a status is a refusal of the etag unless it says something else', () => {
  const statuses = [304, 400, 401, 403, 404, 405, 406, 407, 408, 411, 412, 413, 414, 416, 422, 425, 428, 429, 431, 500];
  expect(statuses.filter(mayRefuseEtag)).toEqual([400, 405, 406, 411, 412, 413, 414, 416, 422, 428, 431]);
});
