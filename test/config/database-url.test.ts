import { describe, expect, test } from 'vitest';
import { configErrorFrom, configFrom, fileYaml, secretEnv } from '../support/config-file.ts';

const urlOf = (url: string) => configFrom(fileYaml(), { env: { ...secretEnv, DATABASE_URL: url } });

test.each([
  'postgres://u:w0rd@h/db',
  'POSTGRESQL://h/db',
  'postgres://h',
  'postgres://u:w0rd@[::1]:5432/db',
  'postgres:///db?host=/var/run/postgresql',
  'postgres://u@%2Fvar%2Frun%2Fpostgresql:5433/db',
  'postgres://u:w%23%2F%3F%40rd@h/db',
  'postgres://u:50%off@h/db',
  'postgres://u:p@ss@h/db',
  'postgres://h/db?user=u@tenant&password=w0rd&port=5433',
  'postgres://h/db?sslmode=verify-full&application_name=mine&options=-c%20work_mem%3D1MB',
])('%s is accepted without a warning', async (url) => {
  expect(await urlOf(url)).toMatchObject({ databaseUrl: url, warnings: [] });
});

test.each([
  ['jdbc:postgresql://h/db?user=u&password=w0rd', 'is a JDBC address'],
  ['postgresql+psycopg://u:w0rd@h/db', 'names a driver of Python; leave out the +'],
  ['postgres+asyncpg://u:w0rd@h/db', 'names a driver of Python'],
  ['prisma+postgres://accelerate.example/?api_key=w0rd', "is an address of Prisma's proxy"],
  ['prisma://accelerate.example/?api_key=w0rd', "is an address of Prisma's proxy"],
  ['host=localhost dbname=db password=w0rd', 'is in the form of key=value'],
  ['DATABASE_URL=postgres://u:w0rd@h/db', 'is in the form of key=value'],
  ['psql postgres://u:w0rd@h/db', 'is a command'],
  ['/var/run/postgresql', 'names a socket'],
  ['socket:/var/run/postgresql?db=db', 'names a socket'],
  ['mysql://u:w0rd@h/db', 'must be a Postgres URL'],
  ['h:5432/db', 'must be a Postgres URL'],
  ['postgres://', 'must be a Postgres URL'],
  ['"postgres://u:w0rd@h/db"', "docker's --env-file keeps quotes"],
  ['postgres://u:w0rd@h/db\n', 'remove the space or line break'],
  ['postgres://u:w0#rd@h/db', '# as %23'],
  ['postgres://u:w0/rd@h/db', '/ as %2F'],
  ['postgres://u:12/34w0rd@h/db', '/ as %2F'],
  ['postgres://u:w0?rd@h/db', '? as %3F'],
  ['postgres://u:w0 rd@h/db', 'a space is %20'],
  ['postgres://u:w0rd%ff@h/db', 'begins no %xx'],
  ['postgres://u:w0rd@h1:5432,h2:5432/db', 'names several hosts'],
  ['postgres://u:w0rd@h1,h2/db', 'names several hosts'],
  ['postgres://u:w0rd@h/db?host=h1,h2', 'names several hosts'],
  // As systemd and docker's --env-file pass it on.
  ['postgres://u:${w0rd}@h/db', 'contains ${NAME}, which is not replaced here'],
  ['postgres://u:w0rd@/db', 'names no host behind the @'],
  ['postgres://u:w0rd@h:port/db', 'is the port a number?'],
  ['postgres://u:w0rd@h/db?sslmode=on', 'has an unknown sslmode; it must be one of disable'],
  ['postgres://u:w0rd@h/db?sslmode=verify-full&sslrootcert=system', 'leave it out'],
  [
    'postgres://u:w0rd@h/db?sslrootcert=/nowhere/ca.pem',
    'names a file in sslrootcert that the user of this process cannot read (ENOENT)',
  ],
  ['postgres://u:w0rd@h/db?sslrootcert=package.json', 'names a file in sslrootcert that is not in PEM format'],
  ['postgres://u:w0rd@h/db?sslkey=/nowhere/key.pem', 'names a file in sslkey'],
  ['postgres://u:w0rd@h/db?uselibpqcompat=true&sslmode=verify-ca', 'without sslrootcert='],
])('%j is a problem that does not repeat it', async (url, words) => {
  const { problems } = await configErrorFrom(fileYaml(), { env: { ...secretEnv, DATABASE_URL: url } });
  expect(problems).toEqual([{ path: 'DATABASE_URL', line: null, message: expect.stringContaining(words) }]);
  // Not the whole message: it names the file, in a folder with a random name.
  expect(JSON.stringify(problems)).not.toMatch(/w0|12/);
});

describe('parameters without an effect cause a warning each', () => {
  test.each([
    ['schema=public', 'schema has no effect: the schemas are always cdd, reporting and pgboss; remove it'],
    ['connection_limit=5', 'connection_limit has no effect: concurrency in the configuration'],
    ['pool_timeout=5', 'pool_timeout has no effect'],
    ['connect_timeout=5', 'connect_timeout has no effect'],
    ['pgbouncer=true', 'pgbouncer has no effect: poolers in transaction mode work without it'],
    ['sslidentity=x.p12&sslmode=verify-full', 'sslidentity has no effect: give a client certificate with sslcert'],
    ['sslaccept=strict', 'sslaccept has no effect: sslmode=verify-full'],
    ['target_session_attrs=read-write', 'target_session_attrs has no effect: the URL must name the primary'],
    ['channel_binding=require', 'channel_binding has no effect; remove it'],
  ])('%s', async (parameters, words) => {
    const { warnings } = await urlOf(`postgres://u:w0rd@h/db?${parameters}`);
    expect(warnings).toEqual([expect.stringContaining(`DATABASE_URL: its parameter ${words}`)]);
  });
});

test("libpq's variables without DATABASE_URL cause a warning, because nothing reads them", async () => {
  const { warnings } = await configFrom(fileYaml(), { env: { ...secretEnv, PGHOST: 'db', PGUSER: 'u' } });
  expect(warnings).toEqual(['PGHOST has no effect without DATABASE_URL; the embedded Postgres is used']);
});
