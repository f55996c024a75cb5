import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, statusOf } from '../../src/sandbox/case-events.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { isObject, type JsonObject } from '../../src/sandbox/json.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { basic, getList, listUrl, parsed, requestToken, send, tokenFor } from './client.ts';

const account = 'P12345678';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ casesPerAccount: 10 });
});
afterEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

const onList = (fault: Fault, times = 1) => sandbox.faults.add({ endpoint: 'list', fault, times });
const list = () => getList(sandbox, account);
const text = () => JSON.stringify(sandbox.world.documents(account));
const listed = async (): Promise<JsonObject[]> => {
  const items = parsed(await list());
  return Array.isArray(items) ? items.filter(isObject) : [];
};

describe('a fault', () => {
  it('hits one request, if nothing else is said, and then all is well again', async () => {
    onList({ kind: 'status', status: 500 });
    expect((await list()).status).toBe(500);
    expect((await list()).status).toBe(200);
    expect(sandbox.faults.active()).toEqual([]);
  });

  it('hits as often as it is told, the first ordered first', async () => {
    onList({ kind: 'status', status: 503 }, 2);
    onList({ kind: 'status', status: 500 });
    const statuses = [await list(), await list(), await list(), await list()].map(({ status }) => status);
    expect(statuses).toEqual([503, 503, 500, 200]);
  });

  it('hits until it is cleared, if told so', async () => {
    onList({ kind: 'status', status: 404 }, Number.POSITIVE_INFINITY);
    const statuses = [await list(), await list(), await list()].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 404]);
    sandbox.faults.clear();
    expect((await list()).status).toBe(200);
  });

  it('hits the account and the endpoint it is for, and no other', async () => {
    sandbox.faults.add({ endpoint: 'list', account: 'T12345678', fault: { kind: 'status', status: 403 } });
    sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'status', status: 500 } });
    expect((await list()).status).toBe(200);
    expect((await getList(sandbox, 'T12345678')).status).toBe(403);
    expect(sandbox.faults.active().length).toBe(1);
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, 'P11200000')}` };
    const discovery = () => send(`${sandbox.url}/accounts/P11200000/management/accounts`, { headers });
    expect((await discovery()).status).toBe(500);
    expect((await discovery()).status).toBe(200);
  });

  it("hits an exchange by the partner's id or by the merchant's", async () => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, 'P11200000')}` };
    const exchange = (account_id: string) =>
      send(`${sandbox.url}/accounts/P11200000/auth/exchange_token`, { method: 'POST', headers, body: { account_id } });
    sandbox.faults.add({ endpoint: 'exchange', account: 'P11200002', fault: { kind: 'status', status: 500 } });
    sandbox.faults.add({ endpoint: 'exchange', account: 'P11200000', fault: { kind: 'status', status: 503 } });
    expect((await exchange('P11200001')).status).toBe(503);
    expect((await exchange('P11200001')).status).toBe(200);
    expect((await exchange('P11200002')).status).toBe(500);
  });

  it('on the token endpoint can be any that the list can have', async () => {
    const onToken = (fault: Fault) => sandbox.faults.add({ endpoint: 'token', fault });
    onToken({ kind: 'status', status: 429, retryAfter: 7 });
    onToken({ kind: 'truncated' });
    onToken({ kind: 'cutOff' });
    onToken({ kind: 'html' });
    onToken({ kind: 'brokenJson' });
    expect(await requestToken(sandbox, account)).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
    const truncated = await requestToken(sandbox, account);
    expect(truncated.isComplete).toBe(true);
    expect(truncated.body.toString()).toMatch(/^\{"access_token":"sbx_[\w-]+$/);
    expect((await requestToken(sandbox, account)).isComplete).toBe(false);
    expect((await requestToken(sandbox, account)).headers['content-type']).toContain('text/html');
    const broken = await requestToken(sandbox, account);
    expect(() => parsed(broken)).toThrow(SyntaxError);
    expect((await requestToken(sandbox, account)).status).toBe(200);
  });
});

describe('a fault instead of the answer', () => {
  it.each([401, 403, 404, 408, 425, 500, 503])('has the status %i and the error form of the API', async (status) => {
    onList({ kind: 'status', status });
    const answer = await list();
    expect(answer.status).toBe(status);
    expect(parsed(answer)).toMatchObject({ error: { message: expect.any(String) } });
    expect(sandbox.requests.at(-1)?.status).toBe(status);
  });

  it.each([120, 'Wed, 21 Oct 2026 07:28:00 GMT'])('can say Retry-After: %s', async (retryAfter) => {
    onList({ kind: 'status', status: 429, retryAfter });
    expect(await list()).toMatchObject({ status: 429, headers: { 'retry-after': String(retryAfter) } });
  });

  it('can redirect', async () => {
    onList({ kind: 'status', status: 302, location: 'http://127.0.0.1:1/elsewhere' });
    expect(await list()).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } });
  });

  it('can be a web page, an object, nothing, or any body', async () => {
    onList({ kind: 'html' });
    onList({ kind: 'object' });
    onList({ kind: 'empty' });
    onList({ kind: 'body', body: '[1,2', contentType: 'text/plain' });
    const page = await list();
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('text/html') } });
    expect(page.body.toString()).toContain('<html>');
    expect(parsed(await list())).toEqual({ items: [] });
    expect(await list()).toMatchObject({ status: 200, body: Buffer.alloc(0), isComplete: true });
    const given = await list();
    expect(given.body.toString()).toBe('[1,2');
    expect(given.headers['content-type']).toContain('text/plain');
  });

  it('can be a connection that breaks before anything is answered', async () => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, account)}` };
    onList({ kind: 'hangUp' });
    await expect(send(listUrl(sandbox, account), { headers })).rejects.toThrow('socket hang up');
    expect(sandbox.requests.at(-1)?.status).toBe(0);
  });
});

describe('a fault in the middle of the answer', () => {
  it.each([0, 1, 1000])('cuts the connection after exactly %i bytes', async (afterBytes) => {
    onList({ kind: 'cutOff', afterBytes });
    const answer = await list();
    expect(answer).toMatchObject({ status: 200, isComplete: false });
    expect(answer.body).toEqual(Buffer.from(text()).subarray(0, afterBytes));
  });

  it('cuts the connection in the middle of the item after so many, also for a client that accepts gzip', async () => {
    onList({ kind: 'cutOff', afterItems: 3 });
    const { body, isComplete } = await getList(sandbox, account, { headers: { 'accept-encoding': 'gzip' } });
    const [first, second, third, fourth] = sandbox.world.documents(account);
    const three = JSON.stringify([first, second, third]).slice(0, -1);
    expect(isComplete).toBe(false);
    expect(body.toString().startsWith(`${three},{`)).toBe(true);
    expect(body.length).toBeGreaterThan(Buffer.byteLength(three) + 100);
    expect(body.length).toBeLessThan(Buffer.byteLength(three) + Buffer.byteLength(JSON.stringify(fourth)));
  });

  it('cuts the connection after the last byte, if that is where it is told to', async () => {
    onList({ kind: 'cutOff', afterBytes: 1e9 });
    const answer = await list();
    expect(answer.body.toString()).toBe(text());
    expect(answer.isComplete).toBe(false);
  });

  it.each([{ afterBytes: 5000 }, { afterItems: 2 }, {}])('ends the list early, but cleanly: %j', async (point) => {
    onList({ kind: 'truncated', ...point });
    const answer = await list();
    expect(answer).toMatchObject({ status: 200, isComplete: true });
    expect(answer.body).toEqual(Buffer.from(text()).subarray(0, answer.body.length));
    expect(answer.body.length).toBeGreaterThan(100);
    expect(() => parsed(answer)).toThrow(SyntaxError);
  });

  it('ends an empty list and one of a single item before its bracket', async () => {
    await using small = await startSandbox({ casesPerAccount: 0 });
    small.faults.add({ endpoint: 'list', fault: { kind: 'truncated' }, times: 2 });
    expect((await getList(small, account)).body.toString()).toBe('[');
    small.world.appendItem(account, '{}');
    small.faults.clear();
    small.faults.add({ endpoint: 'list', fault: { kind: 'truncated', afterItems: 1 } });
    expect((await getList(small, account)).body.toString()).toBe('[{}');
  });

  it('puts nonsense into a list that is otherwise whole', async () => {
    onList({ kind: 'brokenJson' });
    const answer = await list();
    expect(answer.isComplete).toBe(true);
    expect(() => parsed(answer)).toThrow(SyntaxError);
    expect(answer.body.toString().replace(',{"id":,}', '')).toBe(text());
  });

  it('stalls until the faults are cleared, and then goes on', async () => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, account)}` };
    onList({ kind: 'stall', afterItems: 1 });
    const response = await fetch(listUrl(sandbox, account), { headers });
    const reader = response.body?.getReader();
    let received = '';
    const read = async () => {
      const part = await reader?.read();
      received += Buffer.from(part?.value ?? []).toString();
      return part?.done ?? true;
    };
    await read();
    while (received.length <= JSON.stringify(sandbox.world.documents(account)[0]).length) await read();
    const next = read();
    const isStillWaiting = await Promise.race([next.then(() => false), delay(30, true)]);
    expect(isStillWaiting).toBe(true);
    sandbox.faults.clear();
    if (!(await next)) while (!(await read()));
    expect(received).toBe(text());
  });

  it('stalls for ever without keeping the sandbox from closing', async () => {
    const closing = await startSandbox({ casesPerAccount: 3 });
    const headers = { authorization: `Bearer ${await tokenFor(closing, account)}` };
    closing.faults.add({ endpoint: 'list', fault: { kind: 'stall', afterBytes: 10 } });
    const response = await fetch(listUrl(closing, account), { headers });
    await closing.close();
    await expect(response.text()).rejects.toThrow();
  });

  it('is late, but right', async () => {
    onList({ kind: 'delay', seconds: 0.05 });
    const started = performance.now();
    const answer = await list();
    expect(performance.now() - started).toBeGreaterThan(45);
    expect(answer.body.toString()).toBe(text());
  });
});

describe('a fault in the items', () => {
  const altered = async (change: Extract<Fault, { kind: 'items' }>['change'], count?: number | 'all') => {
    onList({ kind: 'items', change, count });
    return listed();
  };
  const truth = () => sandbox.world.documents(account);

  it('hits the first item, as many as it is told, or all', async () => {
    expect((await altered('vanished')).length).toBe(9);
    expect(await altered('vanished', 4)).toEqual(truth().slice(4));
    expect(await altered('vanished', 'all')).toEqual([]);
    expect(await listed()).toEqual(truth());
  });

  it('leaves out an id, or makes a text of an array', async () => {
    const { id: _, ...withoutId } = truth()[0] ?? {};
    expect(await altered('missingId')).toEqual([withoutId, ...truth().slice(1)]);
    expect(await altered('wrongType')).toEqual([{ ...truth()[0], products: 'payout' }, ...truth().slice(1)]);
  });

  it('gives one event id, or one case, two contents', async () => {
    const [item] = await altered('conflictingEvent');
    const events = eventsOf(item ?? {});
    const twin = events.at(-1) ?? {};
    const same = events.filter(({ id }) => id === twin.id);
    expect(same.length).toBe(2);
    expect(same[0]).not.toEqual(same[1]);
    const [first, second] = await altered('conflictingCase');
    expect(first).toEqual(truth()[0]);
    expect(second?.id).toBe(first?.id);
    expect(second).not.toEqual(first);
  });

  it('adds a status that nobody knows', async () => {
    expect((await altered('unknownStatus', 2)).map(statusOf)).toEqual([
      'NEVER_HEARD_OF',
      'NEVER_HEARD_OF',
      ...truth().slice(2).map(statusOf),
    ]);
  });

  it('reorders keys and changes nothing else', async () => {
    onList({ kind: 'items', change: 'reorderedKeys', count: 'all' });
    const answer = await list();
    expect(parsed(answer)).toEqual(truth());
    expect(answer.body.toString()).not.toBe(text());
  });

  it('has an etag of its own, so that the true list is not taken for known', async () => {
    onList({ kind: 'items', change: 'vanished' });
    const { etag = '' } = (await list()).headers;
    expect((await getList(sandbox, account, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('is not hidden by an etag that the client knows, while a delay leaves the 304 as it is', async () => {
    const { etag = '' } = (await list()).headers;
    const known = () => getList(sandbox, account, { headers: { 'if-none-match': etag } });
    onList({ kind: 'cutOff' });
    onList({ kind: 'noEtag' });
    onList({ kind: 'delay', seconds: 0 });
    expect((await known()).isComplete).toBe(false);
    const withoutEtag = await known();
    expect(withoutEtag).toMatchObject({ status: 200 });
    expect(withoutEtag.headers.etag).toBeUndefined();
    expect((await known()).status).toBe(304);
  });
});

describe('the sandbox', () => {
  it('survives malformed requests', async () => {
    const url = `${sandbox.url}/accounts/${account}/auth/token`;
    const malformed = await fetch(url, {
      method: 'POST',
      headers: { authorization: basic(account), 'content-type': 'application/json' },
      body: '{"grant_type":',
    });
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toMatchObject({ error: { message: expect.any(String) } });
    expect((await fetch(url, { method: 'POST', body: 'a=b' })).status).toBe(400);
    expect((await send(`${sandbox.url}/nowhere`)).status).toBe(404);
    expect((await send(url, { method: 'DELETE' })).status).toBe(404);
    expect((await list()).status).toBe(200);
  });
});
