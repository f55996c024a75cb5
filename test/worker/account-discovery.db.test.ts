import pino from 'pino';
import { describe, expect } from 'vitest';
import type { Partner } from '../../src/config/config.ts';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { AccountDirectory } from '../../src/worker/account-directory.ts';
import { type DiscoveryContext, discoverAccounts, knownAccounts } from '../../src/worker/account-discovery.ts';
import { test } from '../support/database.ts';
import { clientOf, neverAborted } from '../support/list-server.ts';
import { ACCOUNT } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const accountsFrom = async (context: DiscoveryContext) => (await discoverAccounts(context)).accounts;

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

/** A sandbox, and discovery from it into the database. Disposing it fails if the log has a secret. */
async function startFixture(database: Database, { sandbox: options = {}, ...changes }: FixtureOptions = {}) {
  const sandbox = await startSandbox({ casesPerAccount: 0, ...options });
  const dintero = clientOf(sandbox.url);
  const config = {
    accounts: [sandboxAccount(ACCOUNT)],
    partners: [partner()],
    schedule: '0 6 * * *',
    timezone: 'Europe/Oslo',
    ...changes,
  };
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const context = { config, dintero, database, log, signal: neverAborted };
  return {
    sandbox,
    config,
    log: () => lines.join(''),
    context,
    discover: async () => (await accountsFrom(context)).map(({ id }) => id),
    async [Symbol.asyncDispose]() {
      dintero.close();
      await sandbox.close();
      expect(sandbox.secrets().filter((secret) => lines.join('').includes(secret))).toEqual([]);
    },
  };
}

type FixtureOptions = {
  sandbox?: SandboxOptions;
  accounts?: ReturnType<typeof sandboxAccount>[];
  partners?: Partner[];
};

/** Replaces the next page of merchants. */
function list(sandbox: Sandbox, items: unknown[]): void {
  sandbox.faults.add({ endpoint: 'discovery', fault: { kind: 'body', body: JSON.stringify(items) } });
}

const fail = (sandbox: Sandbox, account = PARTNER) =>
  sandbox.faults.add({ endpoint: 'discovery', account, fault: { kind: 'status', status: 403 } });

const enabled = async (database: Database) =>
  (await database.account.findMany({ where: { enabled: true }, orderBy: { id: 'asc' } })).map(({ id }) => id);

describe('discovery', () => {
  test("adds a partner's active merchants as accounts with its client and the general schedule", async ({
    db: { database },
  }) => {
    await using fixture = await startFixture(database);
    const accounts = await accountsFrom(fixture.context);
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

  test('keeps a configured account as configured when it is also a merchant, even an inactive one', async ({
    db: { database },
  }) => {
    const explicit = [BAKERY, CLOSED].map((id) => sandboxAccount(id, { label: 'ours', schedule: '*/5 * * * *' }));
    await using fixture = await startFixture(database, { accounts: explicit });
    const accounts = await accountsFrom(fixture.context);
    expect(accounts.filter(({ id }) => id !== GARAGE)).toEqual(explicit);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, CLOSED]);
    fail(fixture.sandbox);
    expect((await accountsFrom(fixture.context)).filter(({ id }) => id !== GARAGE)).toEqual(explicit);
    expect(await database.account.findUnique({ where: { id: BAKERY } })).toMatchObject({
      label: 'ours',
      partnerId: null,
    });
  });

  test('saves the schedules by which accounts are due, also of merchants that cannot be listed now', async ({
    db: { database },
  }) => {
    await using fixture = await startFixture(database);
    await fixture.discover();
    fail(fixture.sandbox);
    const changed = { ...fixture.config, schedule: '*/10 * * * *', timezone: 'Asia/Kathmandu' };
    await discoverAccounts({ ...fixture.context, config: changed });
    const saved = await database.account.findMany({ where: { enabled: true }, orderBy: { id: 'asc' } });
    expect(saved.map(({ id, schedule, scheduleTimezone }) => [id, schedule, scheduleTimezone])).toEqual([
      [BAKERY, '*/10 * * * *', 'Asia/Kathmandu'],
      [GARAGE, '*/10 * * * *', 'Asia/Kathmandu'],
      [ACCOUNT, sandboxAccount(ACCOUNT).schedule, 'Asia/Kathmandu'],
    ]);
  });

  test('sends no request for a partner without discover: true', async ({ db: { database } }) => {
    await using fixture = await startFixture(database, { partners: [partner(PARTNER, { discover: false })] });
    expect(await fixture.discover()).toEqual([ACCOUNT]);
    expect(fixture.sandbox.requests).toEqual([]);
  });

  test("reads all pages of a partner's merchants", async ({ db: { database } }) => {
    await using fixture = await startFixture(database, { accounts: [], sandbox: { accounts: partnerWith(250) } });
    expect(await fixture.discover()).toHaveLength(250);
    expect(await enabled(database)).toHaveLength(250);
  });

  test('writes nothing when nothing has changed', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    const versions = () => database.$queryRaw`select id, xmin::text as version from cdd.accounts order by id`;
    await fixture.discover();
    const before = await versions();
    await fixture.discover();
    expect(await versions()).toEqual(before);
  });

  test('gives concurrent workers the same accounts', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    const all = await Promise.all([fixture.discover(), fixture.discover(), fixture.discover()]);
    expect(all).toEqual([all[0], all[0], all[0]]);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
  });

  test('adds a merchant of two partners once', async ({ db: { database } }) => {
    const other = { id: 'P11300000', name: 'Other platform' };
    const sandbox = { accounts: [...partnerWith(2), other] };
    await using fixture = await startFixture(database, { sandbox, partners: [partner(), partner(other.id)] });
    const body = JSON.stringify([{ account_id: BAKERY, active: true }]);
    fixture.sandbox.faults.add({ endpoint: 'discovery', account: other.id, fault: { kind: 'body', body } });
    const accounts = await accountsFrom(fixture.context);
    expect(accounts.map(({ id }) => id)).toEqual([ACCOUNT, BAKERY, GARAGE]);
    expect(accounts[1]?.credentials).toMatchObject({ partnerId: PARTNER });
  });
});

describe('a merchant', () => {
  test('is disabled when it is no longer listed, keeps its row, and is enabled when it is listed again', async ({
    db: { database },
  }) => {
    await using fixture = await startFixture(database);
    await fixture.discover();
    list(fixture.sandbox, [
      { account_id: BAKERY, active: true, company: { business_name: 'Nordic Platform: Bakeriet' } },
    ]);
    expect(await fixture.discover()).toEqual([ACCOUNT, BAKERY]);
    expect(await enabled(database)).toEqual([BAKERY, ACCOUNT]);
    expect(await database.account.count()).toBe(3);
    expect(fixture.log()).toContain(`"accounts":["${GARAGE}"]`);
    expect(await fixture.discover()).toEqual([ACCOUNT, BAKERY, GARAGE]);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
  });

  test('is disabled when it becomes inactive', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    await fixture.discover();
    list(fixture.sandbox, [{ account_id: BAKERY, active: false }]);
    expect(await fixture.discover()).toEqual([ACCOUNT]);
    expect(await enabled(database)).toEqual([ACCOUNT]);
  });

  test('is disabled when its partner is no longer configured', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    await fixture.discover();
    await accountsFrom({ ...fixture.context, config: { ...fixture.config, partners: [] } });
    expect(await enabled(database)).toEqual([ACCOUNT]);
  });
});

describe('a failed discovery', () => {
  test('keeps the known merchants enabled and among the accounts', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    const before = await accountsFrom(fixture.context);
    fail(fixture.sandbox);
    expect(await discoverAccounts(fixture.context)).toEqual({ accounts: before, failed: [PARTNER] });
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
    expect(fixture.log()).toMatch(/"partner":"P11200000","code":"FORBIDDEN",.*known merchants of P11200000/);
  });

  test('is one line as long as it fails for the same reason, and again after a success', async ({
    db: { database },
  }) => {
    await using fixture = await startFixture(database);
    const context = { ...fixture.context, told: new Map() };
    for (const isFailing of [true, true, true, false, true]) {
      if (isFailing) fail(fixture.sandbox);
      await discoverAccounts(context);
    }
    expect(fixture.log().match(/known merchants of P11200000/g)).toHaveLength(2);
  });

  test('does not enable a merchant that was disabled before', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    await fixture.discover();
    list(fixture.sandbox, [{ account_id: BAKERY, active: true }]);
    await fixture.discover();
    fail(fixture.sandbox);
    expect(await fixture.discover()).toEqual([ACCOUNT, BAKERY]);
  });

  test('with no known merchants leaves the configured accounts', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    fail(fixture.sandbox);
    expect(await fixture.discover()).toEqual([ACCOUNT]);
  });

  test("does not stop another partner's missing merchants from being disabled", async ({ db: { database } }) => {
    const others = ['P11300000', 'P11300001', 'P11300002'].map((id) => ({ id, name: id }));
    const sandbox = { accounts: [...partnerWith(2), ...others] };
    const partners = [partner(), partner('P11300000')];
    await using fixture = await startFixture(database, { sandbox, partners, accounts: [] });
    await fixture.discover();
    fail(fixture.sandbox);
    const body = JSON.stringify([{ account_id: 'P11300002' }]);
    fixture.sandbox.faults.add({ endpoint: 'discovery', account: 'P11300000', fault: { kind: 'body', body } });
    expect((await fixture.discover()).sort()).toEqual([BAKERY, GARAGE, 'P11300002']);
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, 'P11300002']);
  });

  test('after an abort rejects with CANCELLED and changes nothing', async ({ db: { database } }) => {
    await using fixture = await startFixture(database);
    await fixture.discover();
    const aborted = { ...fixture.context, signal: AbortSignal.abort() };
    await expect(accountsFrom(aborted)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await enabled(database)).toEqual([BAKERY, GARAGE, ACCOUNT]);
  });
});

describe('an incomplete list of merchants', () => {
  test.for([
    ['has an item that cannot be read', [{ account_id: 'nonsense' }]],
    [
      'has pages that repeat themselves',
      Array.from({ length: 100 }, () => ({ account_id: 'P11200009', paging_token: 'a' })),
    ],
  ] as const)(
    'that %s disables no missing merchant, adds new ones, and disables inactive ones',
    async ([, items], { db: { database } }) => {
      await using fixture = await startFixture(database);
      await fixture.discover();
      const page = [...items, { account_id: BAKERY, active: false }, { account_id: 'P11200009', paging_token: 'a' }];
      list(fixture.sandbox, page.slice(-100));
      list(fixture.sandbox, page.slice(-100));
      const found = await fixture.discover();
      expect(found).toEqual([ACCOUNT, 'P11200009', GARAGE]);
      expect(await enabled(database)).toEqual([GARAGE, 'P11200009', ACCOUNT]);
      expect(fixture.log()).toContain('no merchant is disabled for that');
    },
  );
});

test('known merchants are accounts without a request to the API', async ({ db: { database } }) => {
  await using fixture = await startFixture(database);
  const discovered = await accountsFrom(fixture.context);
  const asked = fixture.sandbox.requests.length;
  expect(await knownAccounts({ config: fixture.config, database })).toEqual(discovered);
  expect(fixture.sandbox.requests).toHaveLength(asked);
});

test('a merchant that another replica has discovered is found, and any other id is not', async ({
  db: { database },
}) => {
  await using fixture = await startFixture(database);
  const directory = new AccountDirectory(fixture.config, database, fixture.config.accounts);
  expect(await directory.find(BAKERY)).toBeUndefined();
  const discovered = await accountsFrom(fixture.context);
  expect(await directory.find(BAKERY)).toEqual(discovered.find(({ id }) => id === BAKERY));
  expect(await directory.find(ACCOUNT)).toEqual(fixture.config.accounts[0]);
  expect(await directory.find(CLOSED)).toBeUndefined();
});
