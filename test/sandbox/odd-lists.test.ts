import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { getList, itemsIn, listUrl, tokenFor } from '../support/sandbox-client.ts';

const account = 'P12345678';

describe('a list changed by a test', () => {
  it('is served byte for byte as set, until it is reset', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const hostile = Buffer.from([0x5b, 0xff, 0x00, 0x5d]);
    sandbox.world.serve(account, hostile);
    expect((await getList(sandbox, account)).body).toEqual(hostile);
    sandbox.world.serve(account, '');
    expect(await getList(sandbox, account)).toMatchObject({ status: 200, body: Buffer.alloc(0), isComplete: true });
    sandbox.world.serve(account, null);
    expect(itemsIn(await getList(sandbox, account))).toEqual(sandbox.world.documents(account));
  });

  it('has raw items at its end, even if it has no others', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 0 });
    sandbox.world.appendItem(account, '{"id":1e400}');
    sandbox.world.appendItem(account, Buffer.from('"\xff"', 'latin1'));
    expect((await getList(sandbox, account)).body).toEqual(Buffer.from('[{"id":1e400},"\xff"]', 'latin1'));
  });

  it('is complete when all cases of some pages were removed', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 130 });
    const ids = sandbox.world.caseIds(account);
    for (const id of [...ids.slice(0, 64), ...ids.slice(128)]) sandbox.world.vanish({ account, case: id });
    expect(itemsIn(await getList(sandbox, account)).map(({ id }) => id)).toEqual(ids.slice(64, 128));
  });
});

describe('a large list', () => {
  it('is the same when it is served from the cache', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 2_000, accounts: [{ id: account, name: 'Large' }] });
    const first = await getList(sandbox, account);
    expect(itemsIn(first).length).toBe(2_000);
    expect(Buffer.compare(first.body, (await getList(sandbox, account)).body)).toBe(0);
  });

  it('is served completely after another client has disconnected in the middle', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 5000, accounts: [{ id: account, name: 'Large' }] });
    const headers = { authorization: `Bearer ${await tokenFor(sandbox, account)}` };
    const response = await fetch(listUrl(sandbox, account), { headers });
    await response.body?.getReader().read();
    await response.body?.cancel().catch(() => {});
    expect(itemsIn(await getList(sandbox, account)).length).toBe(5000);
  });
});

describe('many accounts', () => {
  it('are as many as requested, each with its own credentials and cases', async () => {
    await using sandbox = await startSandbox({ accounts: 300, casesPerAccount: 2 });
    expect(sandbox.world.accounts.length).toBe(300);
    const [first, last] = await Promise.all([getList(sandbox, 'P20000001'), getList(sandbox, 'P20000300')]);
    expect(itemsIn(first).length).toBe(2);
    expect(itemsIn(last).map(({ id }) => id)).not.toEqual(itemsIn(first).map(({ id }) => id));
  });

  it('can each have their own number of cases', async () => {
    const accounts = [
      { id: 'P12345678', name: 'Large', cases: 7 },
      { id: 'P12345679', name: 'Usual' },
    ];
    await using sandbox = await startSandbox({ accounts, casesPerAccount: 3 });
    expect(accounts.map(({ id }) => sandbox.world.caseIds(id).length)).toEqual([7, 3]);
  });
});
