import { describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { getList } from '../support/sandbox-client.ts';

const account = 'P12345678';

describe('the etag of the list', () => {
  const etagOf = async (sandbox: Sandbox, query = '') =>
    (await getList(sandbox, account, { query })).headers.etag ?? 'none';
  const statusFor = async (sandbox: Sandbox, etag: string, query = '') =>
    (await getList(sandbox, account, { query, headers: { 'if-none-match': etag } })).status;

  it('is weak, gives a 304 while nothing changes, and is the same with and without gzip', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const etag = await etagOf(sandbox);
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    const again = await getList(sandbox, account, { headers: { 'if-none-match': etag, 'accept-encoding': 'gzip' } });
    expect(again).toMatchObject({ status: 304, headers: { etag } });
    expect(again.body.length).toBe(0);
    sandbox.world.advance({ hours: 0 });
    expect(await statusFor(sandbox, etag)).toBe(304);
    expect(await statusFor(sandbox, `"x", ${etag.slice(2)}`)).toBe(304);
    expect(await statusFor(sandbox, '*')).toBe(304);
    expect(await statusFor(sandbox, '"x"')).toBe(200);
  });

  it('differs for every query and every sandbox', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    await using restarted = await startSandbox({ casesPerAccount: 3 });
    const etags = [
      await etagOf(sandbox),
      await etagOf(sandbox, '?case_status=ACTIVE'),
      await etagOf(sandbox, '?case_status=DECLINED'),
      await etagOf(sandbox, '?includes=events.case.contracts'),
      await etagOf(restarted),
    ];
    expect(new Set(etags).size).toBe(5);
    expect(await statusFor(sandbox, etags[1] ?? '')).toBe(200);
    expect(await statusFor(sandbox, etags[1] ?? '', '?case_status=ACTIVE')).toBe(304);
  });

  it('changes with every change of the list', async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 20 });
    const { world } = sandbox;
    const changes = [
      () => world.advance({ hours: 24 }),
      () => world.appendEvent({ account }),
      () => world.vanish({ account }),
      () => world.bringBack({ account }),
      () => world.reorderKeys({ account }),
      () => world.reorderAllKeys(account),
      () => world.repeat({ account }),
      () => world.appendItem(account, '{}'),
      () => world.serve(account, '[]'),
      () => world.serve(account, null),
    ];
    const etags = [await etagOf(sandbox)];
    for (const change of changes) {
      change();
      etags.push(await etagOf(sandbox));
    }
    expect(new Set(etags).size).toBe(changes.length + 1);
  });

  it("stays the same while only other accounts' lists change", async () => {
    await using sandbox = await startSandbox({ casesPerAccount: 3 });
    const etag = await etagOf(sandbox);
    sandbox.world.appendEvent({ account: 'T12345678' });
    sandbox.world.advance({ hours: 0.001 });
    expect(await statusFor(sandbox, etag)).toBe(304);
  });
});
