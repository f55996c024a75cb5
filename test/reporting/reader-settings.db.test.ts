import type pg from 'pg';
import { describe, expect } from 'vitest';
import { checkReaders } from '../../src/store/check/readers.ts';
import { quoted } from '../../src/store/postgres/identifier.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { applyReaderSettings, followTimeZone, resetReaderSettings } from '../../src/store/reports/reader-settings.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { connectReader, withAdmin } from '../support/admin.ts';
import { testFilledBy } from '../support/database.ts';
import { createLogin, urlAs } from '../support/login-role.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

/** Far enough from UTC that some cases are in another month. */
const ZONE = 'Pacific/Auckland';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 200 } });
  await rig.sync();
  await rig.close();
  await applyReportSettings(database, { timezone: ZONE, statusTargets: {} });
});

/** Does the work in a session of the login, with what its role has. */
async function asLogin<T>(url: string, role: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectReader(urlAs(url, role));
  return work(client).finally(() => client.end());
}

const show = (url: string, role: string, name: string) =>
  asLogin(url, role, async (client) => {
    const { rows } = await client.query('select current_setting($1) as value', [name]);
    return rows[0].value;
  });

/** Cases opened per month, counted as a BI tool does and by the view. */
async function monthsOf(client: pg.Client): Promise<{ counted: unknown[]; published: unknown[] }> {
  const counted = await client.query(`
    select to_char(date_trunc('month', opened_at), 'YYYY-MM') as month, count(*)::text as opened
    from reporting.cases where opened_at is not null group by 1 order by 1`);
  const published = await client.query(`
    select to_char(month, 'YYYY-MM') as month, sum(opened)::text as opened
    from reporting.funnel_monthly group by 1 order by 1`);
  return { counted: counted.rows, published: published.rows };
}

const onDatabase = (url: string) => quoted(new URL(url).pathname.slice(1));

describe('the settings of a reader', () => {
  test('let its sessions count the months of the views', async ({ db: { database, url } }) => {
    const role = await createLogin();
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await withAdmin(url, (admin) => admin.query(`alter role ${role} set timezone = 'Pacific/Pago_Pago'`));
    const before = await asLogin(url, role, monthsOf);
    expect(before.published.length).toBeGreaterThan(1);
    expect(before.counted).not.toEqual(before.published);
    await withAdmin(url, (admin) => admin.query(`alter role ${role} reset timezone`));
    await applyReaderSettings(database, role);
    const after = await asLogin(url, role, monthsOf);
    expect(after.published).toEqual(before.published);
    expect(after.counted).toEqual(after.published);
  });

  test('refuse writes and give memory for sorts', async ({ db: { database, url } }) => {
    const role = await createLogin();
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await applyReaderSettings(database, role);
    await asLogin(url, role, async (client) => {
      await expect(client.query('create temporary table mine ()')).rejects.toThrow('read-only transaction');
    });
    expect(await show(url, role, 'work_mem')).toBe('64MB');
    expect(await show(url, role, 'statement_timeout')).toBe('2min');
  });

  test('that an administrator made for the role or the database stay, and are named', async ({
    db: { database, url },
  }) => {
    const role = await createLogin();
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await withAdmin(url, async (admin) => {
      await admin.query(`alter role ${role} set statement_timeout = '200ms'`);
      await admin.query(`alter role ${role} in database ${onDatabase(url)} set jit = on`);
      await admin.query(`alter database ${onDatabase(url)} set work_mem = '1MB'`);
      await admin.query(`alter database ${onDatabase(url)} set timezone = 'America/Lima'`);
    });
    const { kept, inForce } = await applyReaderSettings(database, role);
    expect(kept).toEqual([
      { name: 'work_mem', value: '1MB', wanted: '64MB' },
      { name: 'statement_timeout', value: '200ms', wanted: '2min' },
      { name: 'jit', value: 'on', wanted: 'off' },
    ]);
    expect(inForce.map(({ name }) => name)).toEqual(['timezone', 'default_transaction_read_only']);
    expect(await show(url, role, 'timezone')).toBe(ZONE);
    await asLogin(url, role, async (client) => {
      await expect(client.query('select pg_sleep(60)')).rejects.toThrow('statement timeout');
    });
    expect((await resetReaderSettings(database, role)).reset.toSorted()).toEqual([
      'default_transaction_read_only',
      'timezone',
    ]);
    expect(await show(url, role, 'jit')).toBe('on');
    expect(await show(url, role, 'timezone')).toBe('America/Lima');
    expect(await resetReaderSettings(database, role)).toMatchObject({ reset: [] });
  });

  test('follow a later time zone of the reports, unless an administrator changed them', async ({
    db: { database, url },
  }) => {
    const [follower, chooser] = [await createLogin(), await createLogin('', ' we"ird\'$$\\n')];
    for (const role of [follower, chooser]) {
      await grantReader(database, { role, accountIds: [ACCOUNT] });
      expect((await applyReaderSettings(database, role)).inForce).toHaveLength(5);
    }
    const chooses = `alter role ${quoted(chooser)} in database ${onDatabase(url)} set timezone = 'UTC'`;
    await withAdmin(url, (admin) => admin.query(chooses));
    await applyReportSettings(database, { timezone: 'Asia/Kathmandu', statusTargets: {} });
    const odd = await checkReaders(database);
    expect(odd.message).toContain(`sessions of ${follower} are in ${ZONE}`);
    expect(odd.sql).toHaveLength(2);
    expect(await followTimeZone(database)).toEqual([]);
    expect(await show(url, follower, 'timezone')).toBe('Asia/Kathmandu');
    expect(await show(url, chooser, 'timezone')).toBe('UTC');
    expect((await applyReaderSettings(database, chooser)).kept).toMatchObject([{ name: 'timezone', value: 'UTC' }]);

    const left = await checkReaders(database);
    expect(left).toMatchObject({ state: 'warning', message: expect.stringContaining(`sessions of ${chooser}`) });
    for (const sql of left.sql) await withAdmin(url, (admin) => admin.query(sql));
    expect(await show(url, chooser, 'timezone')).toBe('Asia/Kathmandu');
    expect(await checkReaders(database)).toMatchObject({ state: 'ok', sql: [] });
  });
});
