import { describe, expect, it } from 'vitest';
import { encryptionFinding } from '../../../src/store/check/encryption.ts';

describe('a connection to Postgres', () => {
  it.each([
    ['db.example.com', null, 'warning', /is not encrypted.*sslmode=verify-full/],
    ['10.0.0.5', null, 'warning', /is not encrypted/],
    ['db.example.com', { authorized: false }, 'warning', /certificate was not checked.*sslmode=verify-full/],
    ['db.example.com', { authorized: true }, 'ok', /certificate was checked/],
    ['localhost', null, 'ok', /needs no encryption/],
    ['127.0.0.1', null, 'ok', /needs no encryption/],
    ['::1', null, 'ok', /needs no encryption/],
    ['/var/run/postgresql', null, 'ok', /needs no encryption/],
    ['127.example.com', null, 'warning', /is not encrypted/],
  ])('to %s with TLS %o is %s', (host, socket, state, message) => {
    expect(encryptionFinding(host, socket)).toMatchObject({ state, message: expect.stringMatching(message) });
  });
});
