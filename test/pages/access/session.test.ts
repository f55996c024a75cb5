import { describe, expect, it } from 'vitest';
import { cookieOf, openSession, sealSession } from '../../../src/pages/access/session.ts';

const now = new Date('2026-11-03T08:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const ola = { name: 'ola', token: 'a-token-of-ola-123', role: 'bi' };
const kari = { name: 'kari', token: 'a-token-of-kari-12', role: 'all' };

describe('a session', () => {
  const cookie = sealSession(ola, now);

  it('is opened by every replica, until 12 hours are over', () => {
    expect(openSession(cookie, [kari, ola], later(11.9))).toBe(ola);
    expect(openSession(cookie, [kari, ola], later(12.1))).toBeNull();
  });

  it('ends when the token changes, or the viewer is gone', () => {
    expect(openSession(cookie, [{ ...ola, token: 'another-token-1234' }], now)).toBeNull();
    expect(openSession(cookie, [kari], now)).toBeNull();
  });

  it('cannot be prolonged, given to another viewer or made up', () => {
    const [name = '', end = '', signature = ''] = cookie.split('.');
    const other = sealSession(kari, now).split('.')[0];
    for (const forged of [
      `${name}.${Number(end) + 3600}.${signature}`,
      `${other}.${end}.${signature}`,
      `${name}.${end}.`,
      `${name}.${end}`,
      `${name}..${signature}`,
      '',
      '..',
      'x',
    ]) {
      expect(openSession(forged, [ola, kari], now), forged).toBeNull();
    }
  });

  it('has neither the token nor a hash of it alone', () => {
    expect(cookie).not.toContain(ola.token);
    expect(sealSession(ola, later(1)).split('.')[2]).not.toBe(cookie.split('.')[2]);
  });

  it('is found among other cookies', () => {
    expect(cookieOf('a=1; cdd_sync_viewer=x.1.y; b=2')).toBe('x.1.y');
    expect(cookieOf('not_cdd_sync_viewer=x')).toBeNull();
    expect(cookieOf(undefined)).toBeNull();
  });
});
