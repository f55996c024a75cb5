import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manyAccounts } from '../../src/sandbox/accounts.ts';
import { isObject } from '../../src/sandbox/json.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { parsed, send, tokenFor } from '../support/sandbox-client.ts';

const partner = 'P20000000';

describe("a partner's list of merchants", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    const accounts = [
      { id: partner, name: 'Large partner' },
      { id: 'P12345678', name: 'Stranger' },
      ...manyAccounts(25),
    ];
    sandbox = await startSandbox({ accounts, casesPerAccount: 0 });
  });
  afterAll(() => sandbox.close());

  const page = async (query: string, accountId = partner) => {
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, accountId)}` };
    return send(`${sandbox.url}/accounts/${accountId}/management/accounts${query}`, { headers });
  };
  const merchants = async (query: string, accountId = partner) => {
    const list = parsed(await page(query, accountId));
    return Array.isArray(list) ? list.filter(isObject) : [];
  };

  it('has ten merchants a page, or as many as requested', async () => {
    expect((await merchants('')).length).toBe(10);
    expect((await merchants('?limit=3')).length).toBe(3);
    expect((await merchants('?limit=100')).length).toBe(25);
  });

  it('has every merchant once when it is read page by page', async () => {
    const found: unknown[] = [];
    let query = '?limit=10';
    for (;;) {
      const some = await merchants(query);
      found.push(...some.map(({ account_id }) => account_id));
      const last = some.at(-1);
      if (!last) break;
      query = `?limit=10&starting_after=${last.paging_token}`;
    }
    expect(found).toEqual(manyAccounts(25).map(({ id }) => id));
  });

  it.each(['?limit=0', '?limit=101', '?limit=x', '?limit=1.5', '?starting_after=nonsense'])(
    'rejects %s',
    async (query) => {
      expect((await page(query)).status).toBe(400);
    },
  );

  it('is empty for an account that is no partner, and refused without the partner’s own token', async () => {
    expect(await merchants('', 'P12345678')).toEqual([]);
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, 'P12345678')}` };
    expect((await send(`${sandbox.url}/accounts/${partner}/management/accounts`, { headers })).status).toBe(403);
    expect((await send(`${sandbox.url}/accounts/${partner}/management/accounts`)).status).toBe(401);
  });

  it('has the documented fields, also for inactive merchants', async () => {
    await using usual = await startSandbox({ casesPerAccount: 0 });
    const headers = { authorization: `Bearer ${await tokenFor(usual, 'P11200000')}` };
    const list = parsed(await send(`${usual.url}/accounts/P11200000/management/accounts`, { headers }));
    expect(list).toMatchObject([{ active: true }, { active: true }, { active: false }]);
    expect(list).toMatchObject([
      {
        account_id: 'P11200001',
        partner_id: 'P112',
        livemode: true,
        company: { business_name: 'Nordic Platform: Bakeriet', organization_number: expect.stringMatching(/^3\d{8}$/) },
        paging_token: expect.not.stringContaining('P11200001'),
      },
      { account_id: 'P11200002' },
      { account_id: 'P11200003' },
    ]);
  });
});
