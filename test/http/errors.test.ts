import { inspect } from 'node:util';
import { AxiosError, AxiosHeaders, CanceledError } from 'axios';
import { describe, expect, test } from 'vitest';
import { type Asked, cancelled, failed, refused, stalled } from '../../src/http/errors.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { never } from '../support/list-server.ts';

const asked: Asked = { account: 'P12345678', method: 'GET', path: '/accounts/P12345678/list', credentialsOf: null };
const TOKEN = 'a-token';

const answered = (status: number, message?: string, of: Asked = asked) =>
  refused(of, { status, body: message === undefined ? '' : JSON.stringify({ error: { message } }), secrets: [TOKEN] });

describe('a status that is not success', () => {
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
  ])('%i is %s, retryable: %s', (status, code, retryable) => {
    expect(answered(status)).toMatchObject({ code, retryable });
  });

  test('says for which account, what was asked, what came, and what to do', () => {
    expect(answered(404, 'Not found').message).toBe(
      'P12345678: GET /accounts/P12345678/list answered 404 ("Not found"). ' +
        'A wrong host answers so without a hint: check api.baseUrl and the account id.',
    );
  });

  test('names the credentials when they are what was refused', () => {
    expect(answered(401, undefined, { ...asked, credentialsOf: 'partner P11200000' }).message).toMatch(
      /answered 401\. Check clientId and clientSecret of partner P11200000\.$/,
    );
  });

  test.each([
    ['See https://docs.example/x?a=b for more', 'See … for more'],
    ['bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln', 'bad token …'],
    ['bad token a-token.', 'bad token ….'],
    ['kari@example.no is unknown', '… is unknown'],
    ['unknown number 01019912345', 'unknown number …'],
    ['two\nlines\u0000\u001b[31m', 'two lines [31m'],
    ['word '.repeat(100), 'word '.repeat(40)],
    ['', ''],
  ])('tells of the API’s own words only what is harmless: %j', (message, said) => {
    expect(answered(400, message).message).toContain(`answered 400 ("${said}").`);
  });

  test('tells nothing of a secret that is cut in two', () => {
    const secret = 'two words 1';
    const message = `${'x'.repeat(1995)} ${secret}`;
    const error = refused(asked, { status: 400, body: JSON.stringify({ error: { message } }), secrets: [secret] });
    expect(error.message).not.toContain('two');
  });

  test('survives words without end', () => {
    expect(answered(400, 'x'.repeat(1_000_000)).message).toContain('("…")');
  });

  test.each([
    ['HTML', '<html>secret</html>'],
    ['another form', '{"error":"secret"}'],
    ['no text', '{"error":{"message":{"secret":1}}}'],
  ])('says nothing of a body that is %s', (_what, body) => {
    const error = refused(asked, { status: 500, body, secrets: [] });
    expect(error.message).toContain('answered 500. ');
    expect(inspect(error)).not.toContain('secret');
  });
});

describe('what axios and Node throw', () => {
  const headers = new AxiosHeaders({ Authorization: `Bearer ${TOKEN}` });
  const axiosError = (code: string | undefined, message = 'it broke') =>
    new AxiosError(message, code, { headers }, { headers: { authorization: TOKEN } });

  test.each([
    ['ECONNREFUSED', 'NETWORK'],
    ['ECONNRESET', 'NETWORK'],
    ['ENOTFOUND', 'NETWORK'],
    ['EAI_AGAIN', 'NETWORK'],
    ['EPIPE', 'NETWORK'],
    ['CERT_HAS_EXPIRED', 'NETWORK'],
    ['HPE_INVALID_CONSTANT', 'NETWORK'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'NETWORK'],
    ['Z_BUF_ERROR', 'NETWORK'],
    ['ETIMEDOUT', 'TIMEOUT'],
    ['ECONNABORTED', 'TIMEOUT'],
  ])('%s is %s and retryable', (systemCode, code) => {
    const error = failed(asked, axiosError(systemCode), never);
    expect(error).toMatchObject({ code, retryable: true });
    expect(error.message).toMatch(/^P12345678: GET \/accounts\/P12345678\/list /);
  });

  test.each(['ERR_INVALID_URL', 'ERR_INVALID_CHAR', 'ERR_BAD_OPTION', 'ERR_BAD_REQUEST', undefined])(
    '%s is no trouble of the network, and not tried again',
    (systemCode) => {
      expect(failed(asked, axiosError(systemCode), never)).toMatchObject({ code: 'HTTP', retryable: false });
    },
  );

  test.each([null, undefined, 'a string', 7, {}, { code: 7 }])('even %j becomes a SyncError', (thrown) => {
    expect(failed(asked, thrown, never)).toMatchObject({ code: 'HTTP', retryable: false });
  });

  test('never is the cause, which would take the token along', () => {
    const error = failed(asked, axiosError('ECONNRESET'), never);
    expect(error.cause).toEqual(new Error('ECONNRESET, it broke'));
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(TOKEN);
  });

  test('is left alone when it says already what went wrong', () => {
    const error = stalled(asked, 60);
    expect(failed(asked, error, never)).toBe(error);
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  test('is what it is aborted with once it is aborted', () => {
    const reason = new SyncError('ABANDONED', 'Another worker was faster.');
    expect(failed(asked, new CanceledError(), AbortSignal.abort(reason))).toBe(reason);
    expect(failed(asked, axiosError('ECONNRESET'), AbortSignal.abort())).toMatchObject({ code: 'CANCELLED' });
    expect(cancelled(AbortSignal.abort(new Error('why')))).toMatchObject({ code: 'CANCELLED', retryable: false });
  });
});
