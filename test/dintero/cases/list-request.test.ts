import { describe, expect, test } from 'vitest';
import { listRequestKey } from '../../../src/dintero/cases/list-endpoint.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { clientOf, readListing, serve } from '../../support/list-server.ts';
import { apiSettings, sandboxAccount } from '../../support/sandbox-account.ts';

const ACME = 'P12345678';
const filters = {
  products: ['payout', 'checkout'],
  caseStatus: ['ACTIVE', 'DECLINED'],
  actionsOnApproval: ['enable_payout_account'],
  payoutDestinationId: '*',
};

describe('the request for a list', () => {
  test('has the filters as repeated keys, the name of this program, and the token', async () => {
    await using server = await serve((_request, response) => response.end('[]'));
    using client = clientOf(`${server.url}/`);
    await readListing(client, sandboxAccount(ACME, { filters, includeContracts: true }), { etag: '"1"' });
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
    await readListing(client, sandboxAccount(ACME));
    expect(server.requests.at(-1)?.url).toBe(`/v1/accounts/${ACME}/management/settings/cdd/cases`);
    expect(server.requests.at(-1)?.headers).not.toHaveProperty('if-none-match');
  });

  test('filters the list', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 100 });
    sandbox.world.advance({ hours: 24 * 30 });
    using client = clientOf(sandbox.url);
    const all = await readListing(client, sandboxAccount(ACME));
    const active = await readListing(client, sandboxAccount(ACME, { filters: { ...filters, caseStatus: ['ACTIVE'] } }));
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
    for (const etag of ['', '"1"', '']) await readListing(client, sandboxAccount(ACME), etag === '' ? {} : { etag });
    expect(connections).toBe(1);
  });
});

describe('the key of a list request', () => {
  const api = apiSettings('https://api.example/v1');
  const key = listRequestKey(sandboxAccount(ACME), api, 'salt');

  test('is the same for the same request', () => {
    expect(listRequestKey(sandboxAccount(ACME, { label: 'Other', schedule: '0 * * * *' }), api, 'salt')).toBe(key);
    expect(listRequestKey(sandboxAccount(ACME, { partner: 'P11200000' }), api, 'salt')).toBe(key);
    expect(key).toMatch(/^[\da-f]{64}$/);
  });

  test('differs when anything differs that determines the list', () => {
    const keys = [
      key,
      listRequestKey(sandboxAccount('P12345679'), api, 'salt'),
      listRequestKey(sandboxAccount(ACME), { ...api, baseUrl: 'https://other.example/v1' }, 'salt'),
      listRequestKey(sandboxAccount(ACME), { ...api, maxItemMegabytes: 17 }, 'salt'),
      listRequestKey(sandboxAccount(ACME), api, 'other salt'),
      listRequestKey(sandboxAccount(ACME, { includeContracts: true }), api, 'salt'),
      ...Object.entries(filters).map(([name, value]) =>
        listRequestKey(
          sandboxAccount(ACME, { filters: { ...sandboxAccount(ACME).filters, [name]: value } }),
          api,
          'salt',
        ),
      ),
    ];
    expect(new Set(keys).size).toBe(10);
  });
});
