import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { connectFinding } from '../../../src/store/check/connect.ts';
import { describeServer } from '../../../src/store/postgres/errors.ts';
import { probeServer } from '../../../src/store/postgres/outages.ts';
import { poolOptions } from '../../../src/store/postgres/session.ts';

test.each(['allow', 'prefer', 'require', 'verify-ca', 'verify-full'])(
  'with sslmode=%s the connection checks the server, and the driver prints no warning',
  (mode) => {
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const url = `postgresql://u@h/db?x=1&sslmode=${mode}&y=2`;
    const { connectionString } = poolOptions(url, { connections: 1, applicationName: 'test' });
    expect(new pg.Client({ connectionString }).ssl).toEqual({});
    expect(describeServer(url)).toContain('Postgres at h:5432');
    expect(emitWarning).not.toHaveBeenCalled();
  },
);

test('with sslmode=require, the probe of the worker and the advice of check cause no warning', async () => {
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const url = 'postgresql://u@127.0.0.1:1/db?sslmode=require';
  const error = await probeServer(url).catch((failure: unknown) => failure);
  expect(connectFinding(error, url)).toMatchObject({ state: 'problem' });
  expect(emitWarning).not.toHaveBeenCalled();
});

test.each([
  ['sslmode=disable', false],
  ['sslmode=no-verify', { rejectUnauthorized: false }],
  ['uselibpqcompat=true&sslmode=require', { rejectUnauthorized: false }],
])('%s keeps its meaning', (parameters, ssl) => {
  const { connectionString } = poolOptions(`postgresql://u@h/db?${parameters}`, {
    connections: 1,
    applicationName: '',
  });
  expect(new pg.Client({ connectionString }).ssl).toEqual(ssl);
});
