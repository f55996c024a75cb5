import pino from 'pino';
import { describe, expect } from 'vitest';
import type { Partner } from '../../src/config/config.ts';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { type Discovering, knownAccounts, tryDiscovery } from '../../src/worker/account-discovery.ts';
import { test } from '../support/database.ts';
import { clientOf, never } from '../support/list-server.ts';
import { ACCOUNT, sandboxAccount } from '../support/rig.ts';

const discoverAccounts = async (discovering: Discovering) => (await tryDiscovery(discovering)).accounts;

const PARTNER = 'P11200000';
const BAKERY = 'P11200001';
const GARAGE = 'P11200002';
const CLOSED = 'P11200003';

const partner = (id = PARTNER, changes: Partial<Partner> = {}): Partner => ({
  id,
  ...sandboxCredentials(id),
  discover: true,
  audience: 'partner',
  ...changes,
});

const partnerWith = (merchants: number) => [
  { id: PARTNER, name: 'Nordic Platform' },
  ...Array.from({ length: merchants }, (_, index) => ({ id: `P${11_200_001 + index}`, name: `Merchant ${index + 1}` })),
];

/** A sandbox, and discovery from it into the database; fails at its end when the log has a secret. */
async function createBook(database: Database, { sandbox: options = {}, ...changes }: BookOptions = {}) {
  const sandbox = await startSandbox({ casesPerAccount: 0, ...options });
  const dintero = clientOf(sandbox.url);
  const config = { accounts: [sandboxAccount(ACCOUNT)], partners: [partner()], schedule: '0 6 * * *', ...changes };
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const surroundings = { config, dintero, database, log, signal: never };
  return {
    sandbox,
    config,
    log: () => lines.join(''),
    surroundings,
    discover: async () => (await discoverAccounts(surroundings)).map(({ id }) => id),
    async [Symbol.asyncDispose]() {
      dintero.close();
      await sandbox.close();
      expect(sandbox.secrets().filter((secret) => lines.join('').includes(secret))).toEqual([]);
    },
  };
}

type BookOptions = {
  sandbox?: SandboxOptions;
  accounts?: ReturnType<typeof sandboxAccount>[];
  partners?: Partner[];
};

/** Makes the next page of merchants this one. */
function list(sandbox: Sandbox, items: unknown[]): void {
  sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'body', body: JSON.stringify(items) } });
}

const fail = (sandbox: Sandbox, account = PARTNER) =>
  sandbox.faults.add({ endpoint: 'discovery', account, fault: { kind: 'status', status: 403 } });

const enabled = async (database: Database) =>
  (await database.account.findMany({ where: { enabled: true }, orderBy: { id: 'asc' } })).map(({ id }) => id);

describe('discovery', () => {
  test("makes accounts of a partner's active merchants, with its client and the general schedule", async ({
    db: { database },
  }) => {
    await using book = await createBook(database);
    const accounts = await discoverAccounts(book.surroundings);
    expect(accounts.map(({ id }) => id)).toEqual([ACCOUNT, BAKERY, GARAGE]);
    expect(accounts[1]).toEqual(
      sandboxAccount(BAKERY, {
        label: 'Nordic Platform: Bakeriet',
        schedule: '0 6 * * *',
        credentials: { kind: 'partner', partnerId: PARTNER, audience: 'partner', ...sandboxCredentials(PARTNER) },
      }),
    );
    expect(await database.account.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
      { id: BAKERY, label: 'Nordic Platform: Bakeriet', partnerId: PARTNER, environment: 'production', enabled: true },
      { id: GARAGE, enabled: true },
      { id: ACCOUNT, partnerId: null, enabled: true },
    ]);
  });

  test('leaves an account as it is configured when it is a merchant too, even an inactive one', async ({
    db: { database },
  }) => {
    const explicit = [BAKERY, CLOSED].map((id) => sandboxAccount(id, { label: 'ours', schedule: '*/5 * * * *' }));
    await using book = await createBook(database, { accounts: explicit });
    const accounts = await discoverAccounts(book.surroundings);
    expect(accounts.filter(({ id }) => id !== GARAGE)).toEqual(explicit);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, CLOSED]);
    fail(book.sandbox);
    expect((await discoverAccounts(book.surroundings)).filter(({ id }) => id !== GARAGE)).toEqual(explicit);
    expect(await database.account.findUnique({ where: { id: BAKERY } })).toMatchObject({
      label: 'ours',
      partnerId: null,
    });
  });

  test('asks only for partners that are to be discovered', async ({ db: { database } }) => {
    await using book = await createBook(database, { partners: [partner(PARTNER, { discover: false })] });
    expect(await book.discover()).toEqual([ACCOUNT]);
    expect(book.sandbox.requests).toEqual([]);
  });

  test('finds more merchants than a page has', async ({ db: { database } }) => {
    await using book = await createBook(database, { accounts: [], sandbox: { accounts: partnerWith(250) } });
    expect(await book.discover()).toHaveLength(250);
    expect(await enabled(database)).toHaveLength(250);
  });

  test('that finds what it found before writes nothing', async ({ db: { database } }) => {
    await using book = await createBook(database);
    const versions = () => database.$queryRaw`select id, xmin::text as version from cdd.accounts order by id`;
    await book.discover();
    const before = await versions();
    await book.discover();
    expect(await versions()).toEqual(before);
  });

  test('at the same time in several workers gives all of them the same', async ({ db: { database } }) => {
    await using book = await createBook(database);
    const all = await Promise.all([book.discover(), book.discover(), book.discover()]);
    expect(all).toEqual([all[0], all[0], all[0]]);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
  });

  test('has a merchant that two partners list once', async ({ db: { database } }) => {
    const other = { id: 'P11300000', name: 'Other platform' };
    const sandbox = { accounts: [...partnerWith(2), other] };
    await using book = await createBook(database, { sandbox, partners: [partner(), partner(other.id)] });
    const body = JSON.stringify([{ account_id: BAKERY, active: true }]);
    book.sandbox.faults.add({ endpoint: 'discovery', account: other.id, fault: { kind: 'body', body } });
    const accounts = await discoverAccounts(book.surroundings);
    expect(accounts.map(({ id }) => id)).toEqual([ACCOUNT, BAKERY, GARAGE]);
    expect(accounts[1]?.credentials).toMatchObject({ partnerId: PARTNER });
  });
});

describe('a merchant', () => {
  test('that is gone is disabled with its row kept, and enabled when it is back', async ({ db: { database } }) => {
    await using book = await createBook(database);
    await book.discover();
    list(book.sandbox, [{ account_id: BAKERY, active: true, company: { business_name: 'Nordic Platform: Bakeriet' } }]);
    expect(await book.discover()).toEqual([ACCOUNT, BAKERY]);
    expect(await enabled(database)).toEqual([BAKERY, ACCOUNT]);
    expect(await database.account.count()).toBe(3);
    expect(book.log()).toContain(`"accounts":["${GARAGE}"]`);
    expect(await book.discover()).toEqual([ACCOUNT, BAKERY, GARAGE]);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
  });

  test('that became inactive is disabled', async ({ db: { database } }) => {
    await using book = await createBook(database);
    await book.discover();
    list(book.sandbox, [{ account_id: BAKERY, active: false }]);
    expect(await book.discover()).toEqual([ACCOUNT]);
    expect(await enabled(database)).toEqual([ACCOUNT]);
  });

  test('is disabled when its partner is no longer configured', async ({ db: { database } }) => {
    await using book = await createBook(database);
    await book.discover();
    await discoverAccounts({ ...book.surroundings, config: { ...book.config, partners: [] } });
    expect(await enabled(database)).toEqual([ACCOUNT]);
  });
});

describe('a discovery that fails', () => {
  test('leaves its known merchants enabled and among the accounts, as they were', async ({ db: { database } }) => {
    await using book = await createBook(database);
    const before = await discoverAccounts(book.surroundings);
    fail(book.sandbox);
    expect(await tryDiscovery(book.surroundings)).toEqual({ accounts: before, failed: [PARTNER] });
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
    expect(book.log()).toMatch(/"partner":"P11200000","code":"FORBIDDEN",.*known merchants of P11200000/);
  });

  test('does not bring back a merchant that was gone before', async ({ db: { database } }) => {
    await using book = await createBook(database);
    await book.discover();
    list(book.sandbox, [{ account_id: BAKERY, active: true }]);
    await book.discover();
    fail(book.sandbox);
    expect(await book.discover()).toEqual([ACCOUNT, BAKERY]);
  });

  test('the first time leaves the configured accounts', async ({ db: { database } }) => {
    await using book = await createBook(database);
    fail(book.sandbox);
    expect(await book.discover()).toEqual([ACCOUNT]);
  });

  test('does not touch another partner, whose gone merchants are disabled', async ({ db: { database } }) => {
    const others = ['P11300000', 'P11300001', 'P11300002'].map((id) => ({ id, name: id }));
    const sandbox = { accounts: [...partnerWith(2), ...others] };
    const partners = [partner(), partner('P11300000')];
    await using book = await createBook(database, { sandbox, partners, accounts: [] });
    await book.discover();
    fail(book.sandbox);
    const body = JSON.stringify([{ account_id: 'P11300002' }]);
    book.sandbox.faults.add({ endpoint: 'discovery', account: 'P11300000', fault: { kind: 'body', body } });
    expect((await book.discover()).sort()).toEqual([BAKERY, GARAGE, 'P11300002']);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, 'P11300002']);
  });

  test('because it was aborted ends with the reason, and changes nothing', async ({ db: { database } }) => {
    await using book = await createBook(database);
    await book.discover();
    const aborted = { ...book.surroundings, signal: AbortSignal.abort() };
    await expect(discoverAccounts(aborted)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
  });
});

describe('a list of merchants that is not whole', () => {
  test.for([
    ['has an item that cannot be read', [{ account_id: 'nonsense' }]],
    [
      'has pages that repeat themselves',
      Array.from({ length: 100 }, () => ({ account_id: 'P11200009', paging_token: 'a' })),
    ],
  ] as const)(
    'because it %s takes none for gone, adds the new, and disables the inactive',
    async ([, items], { db: { database } }) => {
      await using book = await createBook(database);
      await book.discover();
      const page = [...items, { account_id: BAKERY, active: false }, { account_id: 'P11200009', paging_token: 'a' }];
      list(book.sandbox, page.slice(-100));
      list(book.sandbox, page.slice(-100));
      const found = await book.discover();
      expect(found).toEqual([ACCOUNT, 'P11200009', GARAGE]);
      expect(await enabled(database)).toEqual([GARAGE, 'P11200009', ACCOUNT]);
      expect(book.log()).toContain('none is taken for gone');
    },
  );
});

test('what is known is found without asking the API, also by a worker that never discovered', async ({
  db: { database },
}) => {
  await using book = await createBook(database);
  const discovered = await discoverAccounts(book.surroundings);
  const asked = book.sandbox.requests.length;
  expect(await knownAccounts(book.config, database)).toEqual(discovered);
  expect(book.sandbox.requests).toHaveLength(asked);
});
