import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { useFaultyList } from '../support/faulty-list.ts';
import { basic, getList, listUrl, parsed, requestToken, send, tokenFor } from '../support/sandbox-client.ts';

const account = 'P12345678';
const { sandbox, addFault, list } = useFaultyList(account);

describe('a fault', () => {
  it('affects one request by default', async () => {
    addFault({ kind: 'status', status: 500 });
    expect((await list()).status).toBe(500);
    expect((await list()).status).toBe(200);
    expect(sandbox().faults.active()).toEqual([]);
  });

  it('affects the given number of requests, in the order in which faults were added', async () => {
    addFault({ kind: 'status', status: 503 }, 2);
    addFault({ kind: 'status', status: 500 });
    const statuses = [await list(), await list(), await list(), await list()].map(({ status }) => status);
    expect(statuses).toEqual([503, 503, 500, 200]);
  });

  it('with infinite times affects all requests until it is cleared', async () => {
    addFault({ kind: 'status', status: 404 }, Number.POSITIVE_INFINITY);
    const statuses = [await list(), await list(), await list()].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 404]);
    sandbox().faults.clear();
    expect((await list()).status).toBe(200);
  });

  it('affects only its account and its endpoint', async () => {
    sandbox().faults.add({ endpoint: 'list', account: 'T12345678', fault: { kind: 'status', status: 403 } });
    sandbox().faults.add({ endpoint: 'discovery', fault: { kind: 'status', status: 500 } });
    expect((await list()).status).toBe(200);
    expect((await getList(sandbox(), 'T12345678')).status).toBe(403);
    expect(sandbox().faults.active().length).toBe(1);
    const headers = { authorization: `Bearer ${await tokenFor(sandbox(), 'P11200000')}` };
    const discovery = () => send(`${sandbox().url}/accounts/P11200000/management/accounts`, { headers });
    expect((await discovery()).status).toBe(500);
    expect((await discovery()).status).toBe(200);
  });

  it("affects a token exchange by the partner's id or the merchant's", async () => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox(), 'P11200000')}` };
    const exchange = (account_id: string) =>
      send(`${sandbox().url}/accounts/P11200000/auth/exchange_token`, {
        method: 'POST',
        headers,
        body: { account_id },
      });
    sandbox().faults.add({ endpoint: 'exchange', account: 'P11200002', fault: { kind: 'status', status: 500 } });
    sandbox().faults.add({ endpoint: 'exchange', account: 'P11200000', fault: { kind: 'status', status: 503 } });
    expect((await exchange('P11200001')).status).toBe(503);
    expect((await exchange('P11200001')).status).toBe(200);
    expect((await exchange('P11200002')).status).toBe(500);
  });

  it('can be of any kind on the token endpoint', async () => {
    const onToken = (fault: Fault) => sandbox().faults.add({ endpoint: 'token', fault });
    onToken({ kind: 'status', status: 429, retryAfter: 7 });
    onToken({ kind: 'truncated' });
    onToken({ kind: 'cutOff' });
    onToken({ kind: 'html' });
    onToken({ kind: 'brokenJson' });
    expect(await requestToken(sandbox(), account)).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
    const truncated = await requestToken(sandbox(), account);
    expect(truncated.isComplete).toBe(true);
    expect(truncated.body.toString()).toMatch(/^\{"access_token":"sbx_[\w-]+$/);
    expect((await requestToken(sandbox(), account)).isComplete).toBe(false);
    expect((await requestToken(sandbox(), account)).headers['content-type']).toContain('text/html');
    const broken = await requestToken(sandbox(), account);
    expect(() => parsed(broken)).toThrow(SyntaxError);
    expect((await requestToken(sandbox(), account)).status).toBe(200);
  });
});

describe('a fault instead of the response', () => {
  it.each([401, 403, 404, 408, 425, 500, 503])('can be the status %i with the API’s error body', async (status) => {
    addFault({ kind: 'status', status });
    const answer = await list();
    expect(answer.status).toBe(status);
    expect(parsed(answer)).toMatchObject({ error: { message: expect.any(String) } });
    expect(sandbox().requests.at(-1)?.status).toBe(status);
  });

  it.each([120, 'Wed, 21 Oct 2026 07:28:00 GMT'])('can have the header Retry-After: %s', async (retryAfter) => {
    addFault({ kind: 'status', status: 429, retryAfter });
    expect(await list()).toMatchObject({ status: 429, headers: { 'retry-after': String(retryAfter) } });
  });

  it('can redirect', async () => {
    addFault({ kind: 'status', status: 302, location: 'http://127.0.0.1:1/elsewhere' });
    expect(await list()).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } });
  });

  it('can be a web page, an object, an empty body or any text', async () => {
    addFault({ kind: 'html' });
    addFault({ kind: 'object' });
    addFault({ kind: 'empty' });
    addFault({ kind: 'body', body: '[1,2', contentType: 'text/plain' });
    const page = await list();
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('text/html') } });
    expect(page.body.toString()).toContain('<html>');
    expect(parsed(await list())).toEqual({ items: [] });
    expect(await list()).toMatchObject({ status: 200, body: Buffer.alloc(0), isComplete: true });
    const given = await list();
    expect(given.body.toString()).toBe('[1,2');
    expect(given.headers['content-type']).toContain('text/plain');
  });

  it('can be a connection that breaks before the response', async () => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox(), account)}` };
    addFault({ kind: 'hangUp' });
    await expect(send(listUrl(sandbox(), account), { headers })).rejects.toThrow('socket hang up');
    expect(sandbox().requests.at(-1)?.status).toBe(0);
  });
});

describe('the sandbox', () => {
  it('survives malformed requests', async () => {
    const url = `${sandbox().url}/accounts/${account}/auth/token`;
    const malformed = await fetch(url, {
      method: 'POST',
      headers: { authorization: basic(account), 'content-type': 'application/json' },
      body: '{"grant_type":',
    });
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toMatchObject({ error: { message: expect.any(String) } });
    expect((await fetch(url, { method: 'POST', body: 'a=b' })).status).toBe(400);
    expect((await send(`${sandbox().url}/nowhere`)).status).toBe(404);
    expect((await send(url, { method: 'DELETE' })).status).toBe(404);
    expect((await list()).status).toBe(200);
  });
});
