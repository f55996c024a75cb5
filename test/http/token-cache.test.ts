import { describe, expect, test } from 'vitest';
import type { On } from '../../src/http/client.ts';
import { createTokenSource, type Granted, withToken } from '../../src/http/token-cache.ts';
import type { Traffic } from '../../src/model/list.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { jumpingClock, never } from '../support/list-server.ts';

const traffic = (): Traffic => ({ requests: 0, retries: 0, bytesRead: 0 });
const on = (signal = never): On => ({ signal, traffic: traffic() });

/** A source whose requests are answered by hand, one after the other. */
function source(clock = jumpingClock()) {
  const requests: (PromiseWithResolvers<Granted> & { signal: AbortSignal })[] = [];
  const tokens = createTokenSource(clock, ({ signal }) => {
    const request = { ...Promise.withResolvers<Granted>(), signal };
    requests.push(request);
    return request.promise;
  });
  const grant = (token: string, seconds = 3600) =>
    requests.at(-1)?.resolve({ token, goodUntil: clock.now() + seconds * 1000 });
  return { clock, tokens, requests, grant };
}

describe('a token', () => {
  test('is requested once, however many wait for it', async () => {
    const { tokens, requests, grant } = source();
    const waiting = Array.from({ length: 50 }, () => tokens.get(on()));
    grant('one');
    await expect(Promise.all(waiting)).resolves.toEqual(Array.from({ length: 50 }, () => 'one'));
    await expect(tokens.get(on())).resolves.toBe('one');
    expect(requests).toHaveLength(1);
  });

  test('is requested anew when it is about to expire', async () => {
    const { clock, tokens, requests, grant } = source();
    const first = tokens.get(on());
    grant('one', 100);
    await first;
    await clock.sleep(99_999, never);
    await expect(tokens.get(on())).resolves.toBe('one');
    await clock.sleep(1, never);
    const second = tokens.get(on());
    grant('two');
    await expect(second).resolves.toBe('two');
    expect(requests).toHaveLength(2);
  });

  test('is renewed once, however many it was refused to', async () => {
    const { tokens, requests, grant } = source();
    const first = tokens.get(on());
    grant('stale');
    await first;
    const renewed = [tokens.renew('stale', on()), tokens.renew('stale', on())];
    grant('fresh');
    await expect(Promise.all(renewed)).resolves.toEqual(['fresh', 'fresh']);
    await expect(tokens.renew('stale', on())).resolves.toBe('fresh');
    expect(requests).toHaveLength(2);
  });

  test('that was not granted is requested again by the next who wants it', async () => {
    const { tokens, requests, grant } = source();
    const failure = new SyncError('AUTH', 'Wrong secret.');
    const waiting = [tokens.get(on()), tokens.get(on())];
    requests[0]?.reject(failure);
    await expect(Promise.allSettled(waiting)).resolves.toMatchObject([{ reason: failure }, { reason: failure }]);
    const second = tokens.get(on());
    grant('one');
    await expect(second).resolves.toBe('one');
  });

  test('is still got for the others when one of them stops waiting', async () => {
    const { tokens, requests, grant } = source();
    const controller = new AbortController();
    const impatient = tokens.get(on(controller.signal));
    const patient = tokens.get(on());
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(requests[0]?.signal.aborted).toBe(false);
    grant('one');
    await expect(patient).resolves.toBe('one');
  });

  test('is not requested any more when nobody waits, and who comes then makes a request of his own', async () => {
    const { tokens, requests, grant } = source();
    const controller = new AbortController();
    const impatient = tokens.get(on(controller.signal));
    controller.abort(new SyncError('ABANDONED', 'Another worker was faster.'));
    await expect(impatient).rejects.toMatchObject({ code: 'ABANDONED' });
    expect(requests[0]?.signal.aborted).toBe(true);
    const late = tokens.get(on());
    requests[0]?.reject(new SyncError('CANCELLED', 'The request was cancelled.'));
    grant('two');
    await expect(late).resolves.toBe('two');
  });

  test('is not waited for by who was aborted before', async () => {
    const { tokens } = source();
    await expect(tokens.get(on(AbortSignal.abort()))).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('what is done with a token', () => {
  const refused = new SyncError('AUTH', 'The token has expired.');
  const numbered = () => {
    const tokens: string[] = [];
    const clock = jumpingClock();
    const granting = createTokenSource(clock, async () => {
      tokens.push(`token ${tokens.length + 1}`);
      return { token: tokens.at(-1) ?? '', goodUntil: clock.now() + 1000 };
    });
    return { granting, tokens };
  };

  test('is done once more with a new one when the token is refused', async () => {
    const { granting } = numbered();
    const use = async (token: string) => {
      if (token === 'token 1') throw refused;
      return token;
    };
    await expect(withToken(granting, on(), use)).resolves.toBe('token 2');
  });

  test('is not done a third time', async () => {
    const { granting, tokens } = numbered();
    const use = async () => {
      throw refused;
    };
    await expect(withToken(granting, on(), use)).rejects.toBe(refused);
    expect(tokens).toHaveLength(2);
  });

  test('is not repeated for any other failure', async () => {
    const { granting, tokens } = numbered();
    const forbidden = new SyncError('FORBIDDEN', 'No.');
    const use = async () => {
      throw forbidden;
    };
    await expect(withToken(granting, on(), use)).rejects.toBe(forbidden);
    expect(tokens).toHaveLength(1);
  });
});
