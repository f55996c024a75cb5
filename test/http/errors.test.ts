import { inspect } from 'node:util';
import { AxiosError, AxiosHeaders, CanceledError } from 'axios';
import { describe, expect, test } from 'vitest';
import { cancelledError, idleTimeoutError, requestError, statusError } from '../../src/http/errors.ts';
import type { RequestInfo } from '../../src/http/request.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { neverAborted } from '../support/list-server.ts';

const request: RequestInfo = {
  label: 'P12345678',
  method: 'GET',
  path: '/accounts/P12345678/list',
  advice: { 404: 'Check the account id.' },
};
const TOKEN = 'a-token';

const errorFor = (status: number, message?: string) => {
  const body = message === undefined ? '' : JSON.stringify({ error: { message } });
  return statusError(request, { status, body, secrets: [TOKEN] });
};

describe('the error for a status', () => {
  test.each([
    [400, 'HTTP', false],
    [401, 'AUTH', false],
    [403, 'FORBIDDEN', false],
    [404, 'NOT_FOUND', false],
    [408, 'HTTP', true],
    [409, 'HTTP', false],
    [410, 'HTTP', false],
    [425, 'HTTP', true],
    [429, 'RATE_LIMITED', true],
    [500, 'HTTP', true],
    [503, 'HTTP', true],
    [599, 'HTTP', true],
    [204, 'HTTP', false],
    [302, 'HTTP', false],
  ])('%i has the code %s, retryable: %s', (status, code, retryable) => {
    expect(errorFor(status)).toMatchObject({ code, retryable });
  });

  test('names the account, the request, the status, the API’s message and the advice of the request', () => {
    expect(errorFor(404, 'Not found').message).toBe(
      'P12345678: GET /accounts/P12345678/list answered 404 ("Not found"). ' + 'Check the account id.',
    );
  });

  test('has general advice where the request has none', () => {
    expect(errorFor(302).message).toMatch(/Redirects are not followed/);
    expect(errorFor(304).message).toMatch(/answered 304\. .*a cache in between/);
    expect(errorFor(403).message).toMatch(/answered 403\. This status is unexpected: check api\.baseUrl/);
  });

  test.each([
    ['See https://docs.example/x?a=b for more', 'See … for more'],
    ['bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln', 'bad token …'],
    ['bad token a-token.', 'bad token ….'],
    ['kari@example.no is unknown', '… is unknown'],
    ['unknown number 01019912345', 'unknown number …'],
    ['two\nlines\u0000\u001b[31m', 'two lines [31m'],
    ['turned\u202eround\u2028and\u200bhidden\u009b', 'turned round and hidden'],
    ['word '.repeat(100), 'word '.repeat(40)],
    ['', ''],
  ])('redacts the API’s message: %j', (message, redacted) => {
    expect(errorFor(400, message).message).toContain(`answered 400 ("${redacted}").`);
  });

  test('contains no part of a secret at the length limit', () => {
    const secret = 'two words 1';
    const message = `${'x'.repeat(1995)} ${secret}`;
    const error = statusError(request, {
      status: 400,
      body: JSON.stringify({ error: { message } }),
      secrets: [secret],
    });
    expect(error.message).not.toContain('two');
  });

  test('redacts a word of a million characters', () => {
    expect(errorFor(400, 'x'.repeat(1_000_000)).message).toContain('("…")');
  });

  test.each([
    ['HTML', '<html>secret</html>'],
    ['JSON of another form', '{"error":"secret"}'],
    ['a message that is no string', '{"error":{"message":{"secret":1}}}'],
  ])('quotes nothing of a body that is %s', (_what, body) => {
    const error = statusError(request, { status: 500, body, secrets: [] });
    expect(error.message).toContain('answered 500. ');
    expect(inspect(error)).not.toContain('secret');
  });
});

describe('the error for a failed request', () => {
  const headers = new AxiosHeaders({ Authorization: `Bearer ${TOKEN}` });
  const axiosError = (code: string | undefined, message = 'it broke') =>
    new AxiosError(message, code, { headers }, { headers: { authorization: TOKEN } });

  test.each([
    ['ECONNREFUSED', 'NETWORK', true],
    ['ECONNRESET', 'NETWORK', true],
    ['EHOSTUNREACH', 'NETWORK', true],
    ['EAI_AGAIN', 'NETWORK', true],
    ['EPIPE', 'NETWORK', true],
    ['EMFILE', 'NETWORK', true],
    ['E_ANYTHING_ELSE', 'NETWORK', true],
    ['HPE_INVALID_EOF_STATE', 'NETWORK', true],
    ['ERR_STREAM_PREMATURE_CLOSE', 'NETWORK', true],
    ['Z_BUF_ERROR', 'NETWORK', true],
    ['ETIMEDOUT', 'TIMEOUT', true],
    ['ECONNABORTED', 'TIMEOUT', true],
    ['ENOTFOUND', 'NETWORK', false],
    ['EPERM', 'NETWORK', false],
    ['CERT_REVOKED', 'NETWORK', false],
    ['HPE_INVALID_CONSTANT', 'NETWORK', false],
    ['Z_DATA_ERROR', 'NETWORK', false],
  ])('%s has the code %s; retryable: %s', (systemCode, code, retryable) => {
    const error = requestError(request, axiosError(systemCode), neverAborted);
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toMatch(/^P12345678: GET \/accounts\/P12345678\/list /);
  });

  test.each(['ERR_INVALID_URL', 'ERR_INVALID_CHAR', 'ERR_BAD_OPTION', 'ERR_BAD_REQUEST', undefined])(
    '%s has the code HTTP and is not retryable',
    (systemCode) => {
      expect(requestError(request, axiosError(systemCode), neverAborted)).toMatchObject({
        code: 'HTTP',
        retryable: false,
      });
    },
  );

  test.each([null, undefined, 'a string', 7, {}, { code: 7 }])('is a SyncError also for %j', (thrown) => {
    expect(requestError(request, thrown, neverAborted)).toMatchObject({ code: 'HTTP', retryable: false });
  });

  test('has no cause that contains the token', () => {
    const error = requestError(request, axiosError('ECONNRESET'), neverAborted);
    expect(error.cause).toEqual(new Error('ECONNRESET, it broke'));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  });

  test('is the error itself if that is a SyncError', () => {
    const error = idleTimeoutError(request, 60);
    expect(requestError(request, error, neverAborted)).toBe(error);
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  test('is the reason of the abort once the signal is aborted', () => {
    const reason = new SyncError('ABANDONED', 'Another worker was faster.');
    expect(requestError(request, new CanceledError(), AbortSignal.abort(reason))).toBe(reason);
    expect(requestError(request, axiosError('ECONNRESET'), AbortSignal.abort())).toMatchObject({ code: 'CANCELLED' });
    expect(cancelledError(AbortSignal.abort(new Error('why')))).toMatchObject({ code: 'CANCELLED', retryable: false });
  });
});
