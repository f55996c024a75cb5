import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { listRequestKey } from '../../../src/dintero/cases/list-endpoint.ts';
import { parseItem } from '../../../src/dintero/cases/parse.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { account, apiAt, clientOf, listing, never, serve } from '../../support/list-server.ts';

const ACME = 'P12345678';
const filters = {
  products: ['payout', 'checkout'],
  caseStatus: ['ACTIVE', 'DECLINED'],
  actionsOnApproval: ['enable_payout_account'],
  payoutDestinationId: '*',
};

describe('a list', () => {
  test('is read completely, and every element is a case', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 300 });
    using client = clientOf(sandbox.url);
    const { end, answers, traffic } = await listing(client, account(ACME));
    expect(end).toEqual({ notModified: false, etag: expect.stringMatching(/^W\//) });
    expect(answers).toHaveLength(1);
    const elements = answers.flat();
    expect(elements).toHaveLength(300);
    expect(elements.map((element) => parseItem(element).kind)).toEqual(elements.map(() => 'case'));
    const [first] = elements;
    expect(first?.fingerprint).toEqual(createHash('sha256').update(`test\n${first?.bytes}`).digest());
    // Only brackets and commas are outside of elements.
    const bytes = elements.reduce((sum, element) => sum + element.size, 0) + elements.length + 1;
    expect(traffic).toEqual({ requests: 2, retries: 0, bytesRead: bytes });
  });

  test('without items is complete, and its reader’s begin is called', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 0 });
    using client = clientOf(sandbox.url);
    expect(await listing(client, account(ACME))).toMatchObject({
      end: { notModified: false },
      answers: [[]],
      error: null,
    });
  });

  test('with the current etag is not read', async () => {
    await using sandbox = await startSandbox();
    using client = clientOf(sandbox.url);
    const etag = (await listing(client, account(ACME))).end?.etag ?? '';
    const second = await listing(client, account(ACME), { etag });
    expect(second).toMatchObject({ end: { notModified: true, etag }, answers: [], error: null });
    expect(second.traffic).toEqual({ requests: 1, retries: 0, bytesRead: 0 });
    sandbox.world.advance({ hours: 24 * 30 });
    const third = await listing(client, account(ACME), { etag });
    expect(third.end?.notModified).toBe(false);
    expect(third.end?.etag).not.toBe(etag);
  });

  test('without an etag has the etag null', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'noEtag' } });
    using client = clientOf(sandbox.url);
    expect((await listing(client, account(ACME))).end).toEqual({ notModified: false, etag: null });
  });

  test('answered with 304 to a request without etag is an error', async () => {
    await using server = await serve((_request, response) => response.writeHead(304).end());
    using client = clientOf(server.url);
    expect((await listing(client, account(ACME))).error).toMatchObject({ code: 'HTTP', retryable: false });
    expect((await listing(client, account(ACME), { etag: '"1"' })).end).toEqual({ notModified: true, etag: '"1"' });
  });

  test('is read in parts: nothing more is read while the reader works', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 2000 });
    using client = clientOf(sandbox.url);
    let isWorking = false;
    let overlaps = 0;
    let calls = 0;
    const takeElements = async () => {
      calls += 1;
      if (isWorking) overlaps += 1;
      isWorking = true;
      await new Promise((resolve) => setImmediate(resolve));
      isWorking = false;
    };
    const { end } = await listing(client, account(ACME), { reader: { takeElements } });
    expect(end?.notModified).toBe(false);
    expect(calls).toBeGreaterThan(10);
    expect(overlaps).toBe(0);
  });

  test('has items above maxItemMegabytes without their bytes', async () => {
    const large = JSON.stringify({ large: 'x'.repeat(3000) });
    await using server = await serve((_request, response) => response.end(`[1,${large},2]`));
    using client = clientOf(server.url, { maxItemMegabytes: 0.001 });
    const { answers } = await listing(client, account(ACME));
    expect(answers.flat().map(({ bytes, size }) => [bytes?.toString() ?? null, size])).toEqual([
      ['1', 1],
      [null, large.length],
      ['2', 1],
    ]);
  });
});

describe('the request for a list', () => {
  test('has the filters as repeated keys, the name of this program, and the token', async () => {
    await using server = await serve((_request, response) => response.end('[]'));
    using client = clientOf(`${server.url}/`);
    await listing(client, account(ACME, { filters, includeContracts: true }), { etag: '"1"' });
    const [token, list] = server.requests;
    expect(list?.url).toBe(
      `/v1/accounts/${ACME}/management/settings/cdd/cases?products=payout&products=checkout&payout_destination_id=*` +
        '&case_status=ACTIVE&case_status=DECLINED&actions_on_approval=enable_payout_account' +
        '&includes=events.case.contracts',
    );
    expect(list?.headers).toMatchObject({
      authorization: 'Bearer token-of-the-test-server',
      'if-none-match': '"1"',
      'accept-encoding': 'gzip',
      'dintero-system-name': 'cdd-sync',
    });
    expect(token?.headers).toMatchObject({ 'dintero-system-name': 'cdd-sync', 'content-type': 'application/json' });
  });

  test('has no query without filters', async () => {
    await using server = await serve((_request, response) => response.end('[]'));
    using client = clientOf(server.url);
    await listing(client, account(ACME));
    expect(server.requests.at(-1)?.url).toBe(`/v1/accounts/${ACME}/management/settings/cdd/cases`);
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
  });

  test('filters the list', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 100 });
    sandbox.world.advance({ hours: 24 * 30 });
    using client = clientOf(sandbox.url);
    const all = await listing(client, account(ACME));
    const active = await listing(client, account(ACME, { filters: { ...filters, caseStatus: ['ACTIVE'] } }));
    expect(active.answers.flat().length).toBeGreaterThan(0);
    expect(active.answers.flat().length).toBeLessThan(all.answers.flat().length);
  });

  test('reuses the connection, also after a 304', async () => {
    await using server = await serve((request, response) => {
      if (request.headers['if-none-match']) response.writeHead(304).end();
      else response.end('[1]');
    });
    let connections = 0;
    server.server.on('connection', () => {
      connections += 1;
    });
    using client = clientOf(server.url);
    for (const etag of ['', '"1"', '']) await listing(client, account(ACME), etag === '' ? {} : { etag });
    expect(connections).toBe(1);
  });
});

describe('the key of a list request', () => {
  const api = apiAt('https://api.example/v1');
  const key = listRequestKey(account(ACME), api, 'salt');

  test('is the same for the same request', () => {
    expect(listRequestKey(account(ACME, { label: 'Other', schedule: '0 * * * *' }), api, 'salt')).toBe(key);
    expect(listRequestKey(account(ACME, { partner: 'P11200000' }), api, 'salt')).toBe(key);
    expect(key).toMatch(/^[\da-f]{64}$/);
  });

  test('differs when anything differs that determines the list', () => {
    const keys = [
      key,
      listRequestKey(account('P12345679'), api, 'salt'),
      listRequestKey(account(ACME), { baseUrl: 'https://other.example/v1' }, 'salt'),
      listRequestKey(account(ACME), api, 'other salt'),
      listRequestKey(account(ACME, { includeContracts: true }), api, 'salt'),
      ...Object.entries(filters).map(([name, value]) =>
        listRequestKey(account(ACME, { filters: { ...account(ACME).filters, [name]: value } }), api, 'salt'),
      ),
    ];
    expect(new Set(keys).size).toBe(9);
  });
});

describe('a check of access', () => {
  test('passes when the list starts, and does not read it', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_request, response) => {
      response.once('close', closed.resolve);
      response.write('[{"id":"never ending');
    });
    using client = clientOf(server.url);
    await expect(client.checkAccess(account(ACME), never)).resolves.toBeUndefined();
    await closed.promise;
  });

  test('passes for a list without items', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 0 });
    using client = clientOf(sandbox.url);
    await expect(client.checkAccess(account('P11200001', { partner: 'P11200000' }), never)).resolves.toBeUndefined();
  });

  test.each([
    ['html', 'NOT_JSON'],
    ['object', 'NOT_JSON'],
    ['empty', 'TRUNCATED'],
  ] as const)('fails when the list is %s', async (kind, code) => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind } });
    using client = clientOf(sandbox.url);
    await expect(client.checkAccess(account(ACME), never)).rejects.toMatchObject({ code });
  });

  test('fails without read access', async () => {
    await using sandbox = await startSandbox();
    sandbox.faults.add({ endpoint: 'list', fault: { kind: 'status', status: 403 } });
    using client = clientOf(sandbox.url);
    await expect(client.checkAccess(account(ACME), never)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
