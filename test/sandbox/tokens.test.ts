import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { basic, getList, listUrl, parsed, requestToken, send, tokenFor, tokenIn } from '../support/sandbox-client.ts';

const partner = 'P11200000';
const merchant = 'P11200001';

describe('a token', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ casesPerAccount: 2 });
  });
  afterAll(() => sandbox.close());

  const exchange = (token: string, accountId: unknown, partnerId = partner) =>
    send(`${sandbox.url}/accounts/${partnerId}/auth/exchange_token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: { account_id: accountId },
    });
  const statusOfList = async (token: string, accountId: string) =>
    (await send(listUrl(sandbox, accountId), { headers: { authorization: `Bearer ${token}` } })).status;

  it('is long, opaque, new every time, and valid for the list of its account', async () => {
    const answer = await requestToken(sandbox, 'P12345678');
    expect(answer.status).toBe(200);
    expect(parsed(answer)).toEqual({
      access_token: expect.stringMatching(/^sbx_[\w-]{64}$/),
      token_type: 'Bearer',
      expires_in: 14_400,
    });
    expect(tokenIn(answer)).not.toBe(await tokenFor(sandbox, 'P12345678'));
    expect(await statusOfList(tokenIn(answer), 'P12345678')).toBe(200);
  });

  it('is valid for one account only', async () => {
    expect(await statusOfList(await tokenFor(sandbox, 'P12345678'), 'T12345678')).toBe(403);
  });

  it.each([
    [
      'a wrong secret',
      { authorization: `Basic ${Buffer.from('sandbox-client-P12345678:wrong').toString('base64')}` },
      401,
    ],
    ["another account's client", { authorization: basic('T12345678') }, 401],
    ['no credentials', { authorization: '' }, 401],
    ['an unknown Bearer', { authorization: 'Bearer nonsense' }, 401],
    ["another account's audience", { audience: 'T12345678' }, 400],
    ['an audience that is no account', { audience: 'nonsense' }, 400],
  ])('is not issued for %s', async (_, changes, status) => {
    const answer = await requestToken(sandbox, 'P12345678', changes);
    expect(answer.status).toBe(status);
    expect(parsed(answer)).toEqual({ error: { message: expect.any(String), code: expect.any(String), errors: [] } });
  });

  it.each([{}, { grant_type: 'password', audience: 'x' }, { grant_type: 'client_credentials' }, [], null])(
    'is not issued for the body %j',
    async (body) => {
      const headers = { authorization: basic('P12345678') };
      const answer = await send(`${sandbox.url}/accounts/P12345678/auth/token`, { method: 'POST', headers, body });
      expect(answer.status).toBe(400);
    },
  );

  it.each([
    ['X1', 400],
    ['P1234567', 400],
    ['P99999999', 404],
  ])('is not issued for the account %s', async (accountId, status) => {
    expect((await requestToken(sandbox, accountId)).status).toBe(status);
  });

  it('of a merchant is issued to its partner in three steps', async () => {
    const exchangeToken = tokenIn(await exchange(await tokenFor(sandbox, partner), merchant));
    expect(await statusOfList(exchangeToken, merchant)).toBe(401);
    for (const audience of [partner, merchant]) {
      const answer = await requestToken(sandbox, merchant, { authorization: `Bearer ${exchangeToken}`, audience });
      expect(await statusOfList(tokenIn(answer), merchant)).toBe(200);
      expect(await statusOfList(tokenIn(answer), partner)).toBe(403);
    }
  });

  it('is not issued to a partner for other accounts, itself, an inactive merchant or an unknown id', async () => {
    const token = await tokenFor(sandbox, partner);
    const statuses = ['P12345678', partner, 'P11200003', 'P11209999', 'nonsense', undefined].map(
      async (accountId) => (await exchange(token, accountId)).status,
    );
    expect(await Promise.all(statuses)).toEqual([403, 403, 403, 404, 400, 400]);
    expect((await exchange('nonsense', merchant)).status).toBe(401);
    expect((await exchange(token, 'P12345678', merchant)).status).toBe(403);
    expect((await requestToken(sandbox, 'P11200003')).status).toBe(403);
  });

  it('from an exchange for one merchant is not valid for another', async () => {
    const exchangeToken = tokenIn(await exchange(await tokenFor(sandbox, partner), merchant));
    const authorization = `Bearer ${exchangeToken}`;
    expect((await requestToken(sandbox, 'P11200002', { authorization, audience: partner })).status).toBe(401);
  });
});

describe('a sandbox with settings for tokens', () => {
  it('lets tokens expire after the configured seconds, and sends these as expires_in', async () => {
    let now = 0;
    await using sandbox = await startSandbox({ casesPerAccount: 1, tokenSeconds: 60, now: () => now });
    const answer = await requestToken(sandbox, 'P12345678');
    expect(parsed(answer)).toMatchObject({ expires_in: 60 });
    const status = async () => {
      const headers = { authorization: `Bearer ${tokenIn(answer)}` };
      return (await send(listUrl(sandbox, 'P12345678'), { headers })).status;
    };
    now = 59_999;
    expect(await status()).toBe(200);
    now = 60_000;
    expect(await status()).toBe(401);
  });

  it.each([
    ['partner', partner, merchant],
    ['merchant', merchant, partner],
  ] as const)('can require the %s as the audience', async (partnerAudience, right, wrong) => {
    await using sandbox = await startSandbox({ casesPerAccount: 1, partnerAudience });
    const answer = await send(`${sandbox.url}/accounts/${partner}/auth/exchange_token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenFor(sandbox, partner)}` },
      body: { account_id: merchant },
    });
    const authorization = `Bearer ${tokenIn(answer)}`;
    expect((await requestToken(sandbox, merchant, { authorization, audience: right })).status).toBe(200);
    expect((await requestToken(sandbox, merchant, { authorization, audience: wrong })).status).toBe(400);
  });

  it('lists its secrets: client secrets, tokens and the contract links of served lists', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 5 });
    expect(sandbox.secrets().filter((secret) => secret.startsWith('https://'))).toEqual([]);
    const token = await tokenFor(sandbox, 'P12345678');
    const list = await getList(sandbox, 'P12345678', { query: '?includes=events.case.contracts' });
    const links = list.body.toString().match(/https:\/\/sign[^"]+/g) ?? [];
    expect(links.length).toBeGreaterThan(5);
    expect(sandbox.secrets()).toEqual(expect.arrayContaining([token, basic('T12345678').slice(6), ...links]));
    expect(sandbox.secrets().every((secret) => secret.length > 20)).toBe(true);
    expect(JSON.stringify(sandbox.requests)).not.toContain(token);
  });
});
