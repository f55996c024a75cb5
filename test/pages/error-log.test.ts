import { expect, test } from 'vitest';
import { ErrorLog } from '../../src/pages/error-log.ts';
import { DatabaseError } from '../../src/store/postgres/errors.ts';

const HOUR_MS = 3_600_000;

test('an error that repeats is logged once an hour, and another kind at once', () => {
  const lines: string[] = [];
  const write = (level: string) => (_details: object, words: string) => void lines.push(`${level}: ${words}`);
  let now = 0;
  const log = new ErrorLog({ warn: write('warn'), error: write('error'), debug: write('debug') }, () => now);
  const forbidden = new DatabaseError('no right', { sqlState: '42501', retryable: false });
  const page = { page: '/cases', viewer: 'kari' };
  for (; now < HOUR_MS; now += 15_000) log.note(forbidden, page);
  expect(lines).toHaveLength(1);
  log.note(forbidden, page);
  log.note(forbidden, { ...page, viewer: 'ola' });
  log.note(new TypeError('a mistake'), page);
  expect(lines.slice(1).map((line) => line.slice(0, 5))).toEqual(['warn:', 'warn:', 'error']);
});

test('an outage is left to the log of the worker', () => {
  const levels: string[] = [];
  const write = (level: string) => () => void levels.push(level);
  const log = new ErrorLog({ warn: write('warn'), error: write('error'), debug: write('debug') });
  const away = new DatabaseError('nothing answers', { sqlState: 'ECONNREFUSED', retryable: true });
  for (let attempt = 0; attempt < 3; attempt += 1) log.note(away, { page: '/', viewer: null });
  expect(new Set(levels)).toEqual(new Set(['debug']));
});
