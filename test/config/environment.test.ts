import { levels } from 'pino';
import { describe, expect, test } from 'vitest';
import { isConfigured, readSettings } from '../../src/config/config.ts';
import { configErrorFrom, configFrom, fileYaml, problemsFrom, secretEnv } from '../support/config-file.ts';

const account = { DINTERO_ACCOUNT_ID: 'T12345678', DINTERO_CLIENT_ID: 'acme', DINTERO_CLIENT_SECRET: 's3cret ${X}' };

describe('without a file', () => {
  test('the environment configures one account', async () => {
    const config = await configFrom(null, { env: account });
    expect(config.accounts).toEqual([
      {
        id: 'T12345678',
        label: null,
        schedule: '*/15 * * * *',
        credentials: { kind: 'client', clientId: 'acme', clientSecret: 's3cret ${X}' },
        filters: { products: [], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
        includeContracts: false,
        webhookSecret: null,
      },
    ]);
    expect(config.api.baseUrl).toBe('https://api.dintero.com/v1');
    expect(config.warnings).toEqual([]);
  });

  test('DINTERO_API_URL moves the API and the audience', async () => {
    const config = await configFrom(null, { env: { ...account, DINTERO_API_URL: 'http://localhost:8081/v1/' } });
    expect(config.api).toMatchObject({
      baseUrl: 'http://localhost:8081/v1',
      audienceBase: 'http://localhost:8081/v1/accounts',
    });
  });

  test('account variables that are missing or empty are problems', async () => {
    const some = await problemsFrom(null, { env: { DINTERO_CLIENT_ID: 'acme', DINTERO_CLIENT_SECRET: '' } });
    expect(Object.keys(some).sort()).toEqual(['DINTERO_ACCOUNT_ID', 'DINTERO_CLIENT_SECRET']);
    const url = await problemsFrom(null, { env: { DINTERO_API_URL: 'localhost' } });
    expect(Object.keys(url).sort()).toEqual([
      'DINTERO_ACCOUNT_ID',
      'DINTERO_API_URL',
      'DINTERO_CLIENT_ID',
      'DINTERO_CLIENT_SECRET',
    ]);
  });

  test('no file and no account is a problem with the three ways to continue', async () => {
    const error = await configErrorFrom(null, { env: { DINTERO_ACCOUNT_ID: '' } });
    expect(error.problems).toHaveLength(1);
    expect(error.message).toContain('Run cdd-sync init');
    expect(error.message).toContain('DINTERO_ACCOUNT_ID, DINTERO_CLIENT_ID and DINTERO_CLIENT_SECRET');
    expect(error.message).toContain('cdd-sync demo');
  });
});

test('with a file, the account variables are ignored, valid or not', async () => {
  const env = { ...secretEnv, ...account, DINTERO_ACCOUNT_ID: 'wrong', DINTERO_API_URL: 'http://elsewhere' };
  const config = await configFrom(fileYaml(), { env });
  expect(config.accounts.map(({ id }) => id)).toEqual(['P12345678']);
  expect(config.api.baseUrl).toBe('https://api.dintero.com/v1');
  expect(config.warnings).toEqual([expect.stringContaining('DINTERO_API_URL has no effect')]);
  const same = { ...secretEnv, DINTERO_API_URL: 'https://api.dintero.com/v1/' };
  expect((await configFrom(fileYaml(), { env: same })).warnings).toEqual([]);
});

test('HOST and PORT override the file, unless they are empty', async () => {
  const yaml = fileYaml('server: { host: 10.0.0.1, port: 1000 }');
  const overridden = await configFrom(yaml, { env: { ...secretEnv, HOST: '0.0.0.0', PORT: '0' } });
  expect(overridden.server).toEqual({ host: '0.0.0.0', port: 0, url: null, viewers: [] });
  const empty = { HOST: '', PORT: '', LOG_LEVEL: '', DATABASE_URL: '', CDD_SYNC_CONFIG: '', CDD_SYNC_HOME: '' };
  const config = await configFrom(yaml, { env: { ...secretEnv, ...empty } });
  expect(config).toMatchObject({ server: { host: '10.0.0.1', port: 1000 }, logLevel: 'info', databaseUrl: null });
});

test.each(['80a', '-1', '65536', '1e3', '0x50', ' 80', '8.0'])('PORT must not be %j', async (port) => {
  expect(Object.keys(await problemsFrom(fileYaml(), { env: { ...secretEnv, PORT: port } }))).toEqual(['PORT']);
});

test('LOG_LEVEL may be any level of pino', async () => {
  for (const level of [...Object.keys(levels.values), 'silent']) {
    expect((await configFrom(null, { env: { ...account, LOG_LEVEL: level } })).logLevel).toBe(level);
  }
  const problems = await problemsFrom(null, { env: { ...account, LOG_LEVEL: 'verbose' } });
  expect(problems.LOG_LEVEL?.message).toBe('must be one of trace, debug, info, warn, error, fatal, silent');
});

test.each([
  'postgres://localhost/cdd',
  'postgresql://u:p%40ss@db:5432/cdd?sslmode=require',
  'postgresql:///cdd?host=/run',
])('DATABASE_URL may be %s', async (url) => {
  expect((await configFrom(null, { env: { ...account, DATABASE_URL: url } })).databaseUrl).toBe(url);
});

test.each([
  'mysql://u:passw0rd@db',
  'db:5432',
  'postgres://u:pass#w0rd@db/x y',
  'postgres://u:passw0rd@db:port/x',
  'postgres://',
])('DATABASE_URL must not be %s, and is not repeated', async (url) => {
  const error = await configErrorFrom(null, { env: { ...account, DATABASE_URL: url } });
  expect(error.problems.map(({ path }) => path)).toEqual(['DATABASE_URL']);
  expect(error.message).not.toContain('w0rd');
});

test.each(['~', '~/cdd'])('CDD_SYNC_HOME must not be %s, which would be a folder of that name', async (home) => {
  const problems = await problemsFrom(null, { env: { ...account, CDD_SYNC_HOME: home } });
  expect(problems.CDD_SYNC_HOME?.message).toContain('only a shell replaces');
});

test('CDD_SYNC_HOME is relative to the working folder', async () => {
  expect((await configFrom(null, { env: { ...account, CDD_SYNC_HOME: '/var/lib/cdd-sync' } })).home).toBe(
    '/var/lib/cdd-sync',
  );
  expect((await configFrom(null, { env: { ...account, CDD_SYNC_HOME: 'data' } })).home).toMatch(
    /\/cdd-sync-config-\w+\/data$/,
  );
});

test('database and log settings need neither file nor account', () => {
  const env = { DATABASE_URL: 'postgres://localhost/cdd', LOG_LEVEL: 'debug', DINTERO_ACCOUNT_ID: 'wrong' };
  const settings = { databaseUrl: 'postgres://localhost/cdd', home: '/srv/.cdd-sync', logLevel: 'debug' };
  expect(readSettings({ env, cwd: '/srv' })).toEqual(settings);
  expect(() => readSettings({ env: { DATABASE_URL: 'localhost' }, cwd: '/srv' })).toThrow(
    /DATABASE_URL: must be a Postgres/,
  );
});

test.each<[string, Record<string, string>, boolean]>([
  ['nothing', {}, false],
  ['empty variables', { DATABASE_URL: '', DINTERO_ACCOUNT_ID: '', CDD_SYNC_CONFIG: '' }, false],
  ['a home folder', { CDD_SYNC_HOME: '/srv' }, false],
  ['a database', { DATABASE_URL: 'postgres://h/d' }, true],
  ['a part of an account', { DINTERO_ACCOUNT_ID: 'P12345678' }, true],
  ['a file that does not exist', { CDD_SYNC_CONFIG: '/nowhere' }, true],
])('%s in the environment is a configuration or not', (_what, env, expected) => {
  expect(isConfigured({ env, cwd: '/nowhere' })).toBe(expected);
});
