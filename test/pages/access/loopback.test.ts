import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost, isProxied } from '../../../src/pages/access/loopback.ts';

describe('this machine', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
    'has the address %s',
    (address) => {
      expect(isLoopbackAddress(address)).toBe(true);
    },
  );

  it.each([
    '10.0.0.1',
    '::ffff:10.0.0.1',
    '172.17.0.1',
    '::',
    '0.0.0.0',
    'fe80::1',
    '127.0.0.1.evil.example',
    '',
    undefined,
  ])('has not the address %s', (address) => expect(isLoopbackAddress(address)).toBe(false));

  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8080'])(
    'is named by the host %s',
    (host) => expect(isLoopbackHost(host)).toBe(true),
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    'localhost:8080.evil.example',
    'localhost@evil.example',
    'evil.example#localhost',
    'localhost:',
    'localhost:123456',
    'localhost\n',
    '127.0.0.1.nip.io',
    '::1',
    '0.0.0.0',
    '2130706433',
    '',
    undefined,
  ])('is not named by the host %j', (host) => expect(isLoopbackHost(host)).toBe(false));

  it('is not believed when a proxy may be in front', () => {
    const httpVersion = '1.1';
    expect(isProxied({ headers: { host: 'localhost' }, httpVersion })).toBe(false);
    expect(isProxied({ headers: { host: 'localhost' }, httpVersion: '1.0' })).toBe(true);
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      expect(isProxied({ headers: { [name]: '127.0.0.1' }, httpVersion }), name).toBe(true);
    }
  });
});
