import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { configFromContent } from '../../src/config/config.ts';
import { accountYaml, configFrom, fileYaml, problemsFrom, secretEnv } from '../support/config-file.ts';

const minimal = await readFile(new URL('../fixtures/config/minimal.yaml', import.meta.url), 'utf8');

describe('a valid file', () => {
  test('needs only an account; everything else has a default', async () => {
    const { home, ...config } = await configFrom(minimal, { env: { ACME_SECRET: 's3cret' } });
    expect(home).toMatch(/\/cdd-sync-config-\w+\/\.cdd-sync$/);
    expect(config).toEqual({
      schedule: '*/15 * * * *',
      timezone: 'Europe/Oslo',
      concurrency: 4,
      personalData: 'keep',
      missingGuard: { ratio: 0.2, atLeast: 10 },
      statusTargets: {},
      reports: {
        calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:00-16:00', closed: [] },
        reviews: { everyMonths: 60, dueSoonDays: 60, rules: [] },
        facts: {},
      },
      retention: { rejectedDays: 90, runDays: 1830, cases: { years: null, rules: [] }, erase: 'report' },
      api: {
        baseUrl: 'https://api.dintero.com/v1',
        audienceBase: 'https://api.dintero.com/v1/accounts',
        timeoutSeconds: 60,
        maxItemMegabytes: 16,
      },
      server: { host: '127.0.0.1', port: 8080, url: null, viewers: [] },
      notify: { channels: [], rules: [] },
      partners: [],
      accounts: [
        {
          id: 'P12345678',
          label: null,
          schedule: '*/15 * * * *',
          credentials: { kind: 'client', clientId: 'acme', clientSecret: 's3cret' },
          filters: { products: [], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
          includeContracts: false,
          webhookSecret: null,
        },
      ],
      databaseUrl: null,
      logLevel: 'info',
      warnings: [],
    });
  });

  test('is frozen all the way down', async () => {
    const config = await configFrom(fileYaml('statusTargets: { ACTIVE: 1 }'), { env: secretEnv });
    const thawed: string[] = [];
    const look = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(path);
      for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`);
    };
    look(config, 'config');
    expect(thawed).toEqual([]);
    expect(() => config.accounts.push()).toThrow(TypeError);
  });

  test('the payout destination "*" is no filter, an id is one', async () => {
    const filters = (id: string) => accountYaml('P12345678', `filters: { payoutDestinationId: "${id}" }`);
    const all = await configFrom(`accounts:\n${filters('*')}`, { env: secretEnv });
    const one = await configFrom(`accounts:\n${filters('seller-*')}`, { env: secretEnv });
    expect(all.accounts[0]?.filters.payoutDestinationId).toBeNull();
    expect(one.accounts[0]?.filters.payoutDestinationId).toBe('seller-*');
  });

  test('another API address changes the audience too, unless audienceBase is given', async () => {
    const moved = await configFrom(fileYaml('api: { baseUrl: "http://127.0.0.1:9090/v1//" }'), { env: secretEnv });
    expect(moved.api).toMatchObject({
      baseUrl: 'http://127.0.0.1:9090/v1',
      audienceBase: 'http://127.0.0.1:9090/v1/accounts',
    });
    const lines = ['api:', '  baseUrl: http://proxy/v1', '  audienceBase: https://api.dintero.com/v1/accounts/'];
    const behindProxy = await configFrom(fileYaml(...lines), { env: secretEnv });
    expect(behindProxy.api).toMatchObject({
      baseUrl: 'http://proxy/v1',
      audienceBase: 'https://api.dintero.com/v1/accounts',
    });
  });

  test('a key without a value counts as absent', async () => {
    const config = await configFrom(fileYaml('partners:', 'server:', '  port:', 'statusTargets:'), { env: secretEnv });
    expect(config).toMatchObject({ partners: [], server: { port: 8080 }, statusTargets: {} });
  });
});

test('a folder instead of a file is a problem', async () => {
  const problems = await problemsFrom(null, { env: { CDD_SYNC_CONFIG: '.' } });
  expect(problems['']).toMatchObject({ line: null, message: 'is a folder (EISDIR); name the file in it' });
});

test('CDD_SYNC_CONFIG names a file relative to the working folder', async () => {
  const files = { 'other.yaml': fileYaml('concurrency: 2') };
  const config = await configFrom(fileYaml(), {
    env: { ...secretEnv, CDD_SYNC_CONFIG: 'other.yaml' },
    files,
  });
  expect(config.concurrency).toBe(2);
});

test('a file that CDD_SYNC_CONFIG names must exist, though the environment has an account', async () => {
  const account = { DINTERO_ACCOUNT_ID: 'T12345678', DINTERO_CLIENT_ID: 'a', DINTERO_CLIENT_SECRET: 'b' };
  const problems = await problemsFrom(null, { env: { ...account, CDD_SYNC_CONFIG: 'gone.yaml' } });
  expect(Object.keys(problems)).toEqual(['CDD_SYNC_CONFIG']);
  expect(problems.CDD_SYNC_CONFIG?.message).toMatch(/names \/.*\/gone\.yaml, which does not exist/);
});

test('content in code gives the configuration of a file with the same content', async () => {
  const content = { accounts: [{ id: 'P12345678', clientId: 'acme', clientSecret: 's3cret' }] };
  const { home, databaseUrl, logLevel, ...fromFile } = await configFrom(fileYaml(), { env: secretEnv });
  expect(configFromContent(content, { home, databaseUrl, logLevel })).toEqual({
    ...fromFile,
    home,
    databaseUrl,
    logLevel,
  });
});
