import { expect } from 'vitest';
import { EVERY_ACCOUNT, grantReader } from '../../src/store/reports/reader-grants.ts';
import { type Answer, asReader, chooseAll, sqlCalled } from '../support/dashboards/ask.ts';
import { fillForDashboards, MERCHANT, OTHER, PARTNER } from '../support/dashboards/world.ts';
import { testFilledBy } from '../support/database.ts';
import { type Chosen, dashboards } from '../support/grafana.ts';
import { ACCOUNT } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const test = testFilledBy(fillForDashboards).extend('role', roleFixture);

test('gone cases appear in no list of open cases', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [ACCOUNT] });
  const lists = ['Age of open cases', 'Open cases longest in their status', 'Breached or due soon'];
  await asReader(db.url, role, async (ask) => {
    const range = await chooseAll(ask);
    const numbers = async () => {
      const found: number[] = [];
      for (const title of lists) found.push((await ask(await sqlCalled(title), range)).rows.length);
      for (const title of ['Open now', 'Targets breached now']) {
        const { rows } = await ask(await sqlCalled(title), range);
        found.push(...Object.values(rows[0] ?? {}).map(Number));
      }
      return found;
    };
    for (const number of await numbers()) expect(number).toBeGreaterThan(0);
    await db.database.$executeRaw`update cdd.cases set missing_since = now()`;
    expect(await numbers()).toEqual([0, 0, 0, 0, 0]);
  });
});

test('the variables offer the accounts granted to the reader, disabled ones too, by environment', async ({
  db,
  role,
}) => {
  const [query = ''] = (await dashboards()).flatMap(({ templating }) =>
    templating.list.filter(({ name }) => name === 'account').map((variable) => variable.query),
  );
  await grantReader(db.database, { role, accountIds: [ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    expect(all.environments).toEqual(['production']);
    expect((await ask(query, all)).rows).toEqual([{ __value: ACCOUNT, __text: `Acme d'Oslo (${ACCOUNT})` }]);
  });
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    expect(all.environments).toEqual(['production', 'test']);
    expect(all.accounts).toEqual(expect.arrayContaining([MERCHANT, PARTNER, OTHER]));
    expect(all.products).toEqual(expect.arrayContaining(['checkout', 'payout']));
    const tested = await ask(query, { ...all, environments: ['test'] });
    expect(tested.rows.map(({ __value }) => __value)).toEqual([OTHER]);
  });
});

test('a case of two accounts counts once, and the choices of country and product divide the totals', async ({
  db,
  role,
}) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    const opened = async (chosen: Partial<Chosen>) => {
      const { rows } = await ask(await sqlCalled('Opened'), { ...all, ...chosen });
      return Number(rows[0]?.opened);
    };
    const { rows } = await ask(
      `select count(*)::integer as shown, count(distinct case_id)::integer as distinct_cases from reporting.cases
       where account_id in ('${PARTNER}', '${MERCHANT}') and opened_at <= now()`,
      all,
    );
    const [counted] = rows;
    expect(Number(counted?.shown)).toBeGreaterThan(Number(counted?.distinct_cases));
    expect(await opened({ accounts: [PARTNER, MERCHANT] })).toBe(counted?.distinct_cases);

    let sum = 0;
    for (const country of all.countries) sum += await opened({ countries: [country] });
    expect(all.countries.length).toBeGreaterThan(1);
    expect(sum).toBe(await opened({}));
    expect(await opened({ products: ['payout'] })).toBeLessThan(sum);
  });
});

test('the graph of the backlog, the flow and the funnel equal the views for one account', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    const numbers = ({ rows }: Answer) => rows.map((row) => Object.values(row).map(String));
    const backlog = (await ask(await sqlCalled('Backlog by status'), all)).rows.map(({ time, ...counts }) => [
      String(time),
      Object.values(counts).reduce((total: number, value) => total + Number(value), 0),
    ]);
    const published = await ask(
      `select day::timestamp at time zone 'Europe/Oslo' as at, sum(cases)::integer as cases from reporting.backlog_daily
       where is_open group by day order by day`,
      all,
    );
    expect(published.rows.length).toBeGreaterThan(60);
    expect(backlog.slice(-published.rows.length)).toEqual(published.rows.map(({ at, cases }) => [String(at), cases]));

    const flow = numbers(await ask(await sqlCalled('Opened and decided per day'), all));
    const days = numbers(
      await ask(
        `select day::timestamp at time zone 'Europe/Oslo' as at, opened, decided, reopened, left_active
         from reporting.flow_daily order by day`,
        all,
      ),
    );
    expect(flow.slice(-days.length)).toEqual(days);

    const funnel = numbers(await ask(await sqlCalled('Funnel by month of opening'), all));
    const months = numbers(
      await ask(
        `select to_char(month, 'YYYY-MM'), opened, reached_declaration, reached_signature, reached_review, decided,
           approved, declined, still_open from reporting.funnel_monthly order by month desc`,
        all,
      ),
    );
    expect(funnel.map((row) => row.slice(0, 9))).toEqual(months);
  });
});

test('panels by month show whole months, also those that the time range only touches', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [ACCOUNT] });
  const now = new Date();
  const on = (monthsAgo: number, day: number) => {
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, day, 12));
  };
  await asReader(db.url, role, async (ask) => {
    const range = await chooseAll(ask);
    for (const title of ['Funnel by month of opening', 'Approval rate by month', 'Decisions by month and route']) {
      const sql = await sqlCalled(title);
      const narrow = await ask(sql, { ...range, from: on(2, 20), to: on(1, 10) });
      expect(new Set(narrow.rows.map((row) => row.Month)).size, title).toBe(2);
      expect(await ask(sql, { ...range, from: on(2, 1), to: on(1, 28) }), title).toEqual(narrow);
    }
  });
});

test('decision times equal the view for one account, and are computed over all cases for two', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  const numbers = ({ rows }: Answer) =>
    rows.map((row) => Object.values(row).map((value) => (Number(value) >= 0 ? Number(value).toFixed(3) : value)));
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    const range = { ...all, accounts: [ACCOUNT] };
    for (const route of ['automatic', 'manual']) {
      const published = await ask(
        `select to_char(month, 'YYYY-MM'), p50_hours, p90_hours, p95_hours from reporting.decision_times_monthly
         where account_id = '${ACCOUNT}' and route = '${route}' order by 1`,
        range,
      );
      expect(published.rows.length).toBeGreaterThan(1);
      expect(numbers(await ask(await sqlCalled(`Hours to decision, ${route}`), range))).toEqual(numbers(published));
    }
    const decided = await ask(
      'select hours_to_decision from reporting.cases where is_primary and first_decided_at is not null',
      range,
    );
    const hours = decided.rows.map((row) => Number(row.hours_to_decision)).sort((a, b) => a - b);
    const [below = 0, above = 0] = [Math.floor, Math.ceil].map((round) => hours[round((hours.length - 1) / 2)]);
    const both = all;
    const { rows } = await ask(await sqlCalled('Median time to decision'), both);
    expect(Number(rows[0]?.hours)).toBeCloseTo((below + above) / 2, 3);
  });
});
