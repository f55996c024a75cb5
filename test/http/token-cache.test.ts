import { describe, expect, test } from 'vitest';
import type { RequestContext } from '../../src/http/request.ts';
import { type IssuedToken, TokenCache, withToken } from '../../src/http/token-cache.ts';
import { newTraffic } from '../../src/model/list.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { jumpingClock, neverAborted } from '../support/list-server.ts';

const context = (signal = neverAborted): RequestContext => ({ signal, traffic: newTraffic() });

/** A cache. The test resolves its token requests, one after the other. */
function manualCache(clock = jumpingClock()) {
  const requests: (PromiseWithResolvers<IssuedToken> & { signal: AbortSignal })[] = [];
  const cache = new TokenCache(clock, ({ signal }) => {
    const request = { ...Promise.withResolvers<IssuedToken>(), signal };
    requests.push(request);
    return request.promise;
  });
  const issue = (token: string, seconds = 3600) =>
    requests.at(-1)?.resolve({ token, renewAt: clock.now() + seconds * 1000 });
  return { clock, cache, requests, issue };
}

describe('a cached token', () => {
  test('is requested once for all concurrent callers', async () => {
    const { cache, requests, issue } = manualCache();
    const waiting = Array.from({ length: 50 }, () => cache.get(context()));
    issue('one');
    await expect(Promise.all(waiting)).resolves.toEqual(Array.from({ length: 50 }, () => 'one'));
    await expect(cache.get(context())).resolves.toBe('one');
    expect(requests).toHaveLength(1);
  });

  test('is requested again shortly before it expires', async () => {
    const { clock, cache, requests, issue } = manualCache();
    const first = cache.get(context());
    issue('one', 100);
    await first;
    await clock.sleep(99_999, neverAborted);
    await expect(cache.get(context())).resolves.toBe('one');
    await clock.sleep(1, neverAborted);
    const second = cache.get(context());
    issue('two');
    await expect(second).resolves.toBe('two');
    expect(requests).toHaveLength(2);
  });

  test('is renewed once for all callers that it was refused to', async () => {
    const { cache, requests, issue } = manualCache();
    const first = cache.get(context());
    issue('rejected');
    await first;
    const renewed = [cache.renew('rejected', context()), cache.renew('rejected', context())];
    issue('fresh');
    await expect(Promise.all(renewed)).resolves.toEqual(['fresh', 'fresh']);
    await expect(cache.renew('rejected', context())).resolves.toBe('fresh');
    expect(requests).toHaveLength(2);
  });

  test('is requested again after a failure', async () => {
    const { cache, requests, issue } = manualCache();
    const failure = new SyncError('AUTH', 'Wrong secret.');
    const waiting = [cache.get(context()), cache.get(context())];
    requests[0]?.reject(failure);
    await expect(Promise.allSettled(waiting)).resolves.toMatchObject([{ reason: failure }, { reason: failure }]);
    const second = cache.get(context());
    issue('one');
    await expect(second).resolves.toBe('one');
  });

  test('is still requested when one of several callers is aborted', async () => {
    const { cache, requests, issue } = manualCache();
    const controller = new AbortController();
    const impatient = cache.get(context(controller.signal));
    const patient = cache.get(context());
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(requests[0]?.signal.aborted).toBe(false);
    issue('one');
    await expect(patient).resolves.toBe('one');
  });

  test('is no longer requested when all callers are aborted, and a later caller starts a new request', async () => {
    const { cache, requests, issue } = manualCache();
    const controller = new AbortController();
    const impatient = cache.get(context(controller.signal));
    controller.abort(new SyncError('ABANDONED', 'Another worker was faster.'));
    await expect(impatient).rejects.toMatchObject({ code: 'ABANDONED' });
    expect(requests[0]?.signal.aborted).toBe(true);
    const late = cache.get(context());
    requests[0]?.reject(new SyncError('CANCELLED', 'The request was cancelled.'));
    issue('two');
    await expect(late).resolves.toBe('two');
  });

  test('is not requested for a caller that is already aborted', async () => {
    const { cache } = manualCache();
    await expect(cache.get(context(AbortSignal.abort()))).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a use of a token', () => {
  const refused = new SyncError('AUTH', 'The token has expired.');
  const numberedTokens = () => {
    const tokens: string[] = [];
    const clock = jumpingClock();
    const cache = new TokenCache(clock, async () => {
      tokens.push(`token ${tokens.length + 1}`);
      return { token: tokens.at(-1) ?? '', renewAt: clock.now() + 1000 };
    });
    return { cache, tokens };
  };

  test('is repeated with a new token when the token is refused', async () => {
    const { cache } = numberedTokens();
    const use = async (token: string) => {
      if (token === 'token 1') throw refused;
      return token;
    };
    await expect(withToken(cache, context(), use)).resolves.toBe('token 2');
  });

  test('is not repeated a second time', async () => {
    const { cache, tokens } = numberedTokens();
    const use = async () => {
      throw refused;
    };
    await expect(withToken(cache, context(), use)).rejects.toBe(refused);
    expect(tokens).toHaveLength(2);
  });

  test('is not repeated for any other failure', async () => {
    const { cache, tokens } = numberedTokens();
    const forbidden = new SyncError('FORBIDDEN', 'No.');
    const use = async () => {
      throw forbidden;
    };
    await expect(withToken(cache, context(), use)).rejects.toBe(forbidden);
    expect(tokens).toHaveLength(1);
  });
});
