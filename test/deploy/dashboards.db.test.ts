import pg from 'pg';
import { expect } from 'vitest';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { applyReportSettings } from '../../src/store/reports/settings.ts';
import { withAdmin } from '../support/admin.ts';
import { testFilledBy } from '../support/database.ts';
import { type Chosen, dashboards, fillIn, type Panel, panels } from '../support/grafana.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'T12345678';
const HOUR = 3_600_000;
const ZONE = 'Europe/Oslo';

/** Two accounts' cases of the last year, and runs of every kind; cdd_reader may see one of the accounts. */
async function fill(database: Database): Promise<void> {
  const start = new Date(Date.now() - 90 * 24 * HOUR).toISOString();
  const rig = await createRig(database, { sandbox: { start, casesPerAccount: 60 } });
  const account = sandboxAccount(ACCOUNT, { label: "Acme d'Oslo" });
  const list = { endpoint: 'list', account: ACCOUNT } as const;
  try {
    await rig.sync({ account });
    rig.sandbox.world.advance({ hours: 85 * 24 });
    await rig.sync({ account });
    await rig.sync({ account: sandboxAccount(OTHER) });
    rig.sandbox.world.advance({ hours: 4 * 24 });
    rig.sandbox.faults.add({ ...list, fault: { kind: 'status', status: 403 } });
    await rig.sync({ account });
    rig.sandbox.faults.add({ ...list, fault: { kind: 'items', change: 'conflictingEvent' } });
    await rig.sync({ account });
  } finally {
    await rig.close();
  }
  await saveAccounts(database, [account, sandboxAccount(OTHER)]);
  const statusTargets = { WAITING_FOR_DETAILS: 24, AUTOMATIC_REVIEW: 0.1, UNDER_MANUAL_REVIEW: 12 };
  await applyReportSettings(database, { timezone: ZONE, statusTargets });
  await grantReader(database, { role: 'cdd_reader', accountIds: [ACCOUNT] });
}

const test = testFilledBy(fill);

const { INT4, INT8, FLOAT8, NUMERIC, TEXT, BOOL, TIMESTAMPTZ } = pg.types.builtins;
const KINDS = new Map([
  ...[INT4, INT8, FLOAT8, NUMERIC].map((oid) => [oid, 'number'] as const),
  [TEXT, 'text'],
  [BOOL, 'boolean'],
  [TIMESTAMPTZ, 'time'],
]);

type Answer = { columns: { name: string; kind: string | undefined }[]; rows: Record<string, unknown>[] };

type Ask = (rawSql: string, chosen: Chosen, timezone?: string) => Promise<Answer>;

/**
 * Queries as `cdd_reader` in one transaction, so that `now()` does not move. The session's time zone differs from the
 * reports', because Grafana's is unknown.
 */
async function asReader(url: string, work: (ask: Ask) => Promise<void>): Promise<void> {
  await withAdmin(url, async (client) => {
    // JIT compilation of the queries takes longer than running them.
    await client.query('begin; set local jit = off; set local role cdd_reader');
    await work(async (rawSql, chosen, timezone = 'Pacific/Auckland') => {
      await client.query(`savepoint question; set local timezone to '${timezone}'`);
      try {
        const { fields, rows } = await client.query(fillIn(rawSql, chosen));
        return { columns: fields.map(({ name, dataTypeID }) => ({ name, kind: KINDS.get(dataTypeID) })), rows };
      } finally {
        await client.query('rollback to question');
      }
    });
  });
}

const range = (): Chosen => ({
  accounts: [ACCOUNT],
  from: new Date(Date.now() - 400 * 24 * HOUR),
  to: new Date(Date.now() + HOUR),
});

const sqlOf = (panel: Panel | undefined): string => panel?.targets[0]?.rawSql ?? '';

async function sqlCalled(title: string): Promise<string> {
  return sqlOf((await panels()).find((panel) => panel.title === title));
}

/** Reasons why a panel of this type cannot show the answer; empty if it can. */
function unfit({ type, targets, fieldConfig }: Panel, { columns, rows }: Answer): string[] {
  const [first, ...others] = columns;
  const names = columns.map(({ name }) => name);
  const numeric = (some: Answer['columns']) => some.length > 0 && some.every(({ kind }) => kind === 'number');
  const problems: [boolean, string][] = [
    [rows.length === 0, 'no rows'],
    [new Set(names).size < names.length, 'two columns of one name'],
    [columns.some(({ kind }) => kind === undefined), 'a column of a type that Grafana may not know'],
    [columns.every(({ name }) => rows.every((row) => row[name] === null)), 'nothing but null'],
  ];
  if (type === 'stat')
    problems.push([rows.length !== 1 || columns.length !== 1 || !numeric(columns), 'not one number']);
  if (type === 'bargauge') problems.push([rows.length !== 1 || !numeric(columns), 'not one row of numbers']);
  if (type === 'barchart') problems.push([first?.kind !== 'text' || !numeric(others), 'not a name and numbers']);
  if (type === 'table') problems.push([names.some((name) => !/^[A-Z0-9]|^other$|^[a-z ]+$/.test(name)), 'a raw name']);
  if (targets[0]?.format === 'time_series') {
    const times = rows.map((row) => Number(row.time));
    const values = others.filter(({ name }) => name !== 'metric');
    problems.push(
      [first?.name !== 'time' || times.some((time) => !(time > 0)), 'no times'],
      [times.some((time, index) => time < (times[index - 1] ?? 0)), 'times out of order'],
      [!numeric(values), 'values that are no numbers'],
    );
  }
  for (const { matcher } of fieldConfig.overrides) {
    problems.push([matcher.id === 'byName' && !names.includes(matcher.options), `no column ${matcher.options}`]);
  }
  return problems.flatMap(([wrong, text]) => (wrong ? [text] : []));
}

test('every panel gets rows of the types that it can show, as cdd_reader', async ({ db }) => {
  await asReader(db.url, async (ask) => {
    const problems: Record<string, string[]> = {};
    for (const panel of await panels()) {
      const found = await ask(sqlOf(panel), range()).then(
        (answer) => unfit(panel, answer),
        (error: Error) => [error.message],
      );
      if (found.length > 0) problems[panel.title] = found;
    }
    expect(problems).toEqual({});
  });
});

test('no answer depends on the time zone of the session', async ({ db }) => {
  await asReader(db.url, async (ask) => {
    for (const panel of await panels()) {
      const east = await ask(sqlOf(panel), range(), 'Pacific/Kiritimati');
      const west = await ask(sqlOf(panel), range(), 'Pacific/Pago_Pago');
      expect(east, panel.title).toEqual(west);
    }
  });
});

test('without an account to choose, every panel shows zero and none fails', async ({ db }) => {
  await asReader(db.url, async (ask) => {
    for (const panel of await panels()) {
      const { rows } = await ask(sqlOf(panel), { ...range(), accounts: [] });
      const counted = rows.flatMap(({ time: _, ...row }) => Object.values(row)).filter((value) => Number(value) !== 0);
      expect(counted, panel.title).toEqual([]);
    }
  });
});

test('gone cases appear in no list of open cases', async ({ db }) => {
  const lists = ['Age of open cases', 'Open cases longest in their status', 'Breached or due soon'];
  await asReader(db.url, async (ask) => {
    const numbers = async () => {
      const found: number[] = [];
      for (const title of lists) found.push((await ask(await sqlCalled(title), range())).rows.length);
      for (const title of ['Open now', 'Targets breached now']) {
        const { rows } = await ask(await sqlCalled(title), range());
        found.push(...Object.values(rows[0] ?? {}).map(Number));
      }
      return found;
    };
    for (const number of await numbers()) expect(number).toBeGreaterThan(0);
    await db.database.$executeRaw`update cdd.cases set missing_since = now()`;
    expect(await numbers()).toEqual([0, 0, 0, 0, 0]);
  });
});

test('the variable offers the accounts granted to the reader, each under a unique name', async ({ db }) => {
  const [onboarding, health] = (await dashboards()).map(({ templating }) => templating.list[0]?.query ?? '');
  expect(health).toBe(onboarding);
  await asReader(db.url, async (ask) => {
    const offered = async () => (await ask(onboarding ?? '', range())).rows;
    const first = { __value: ACCOUNT, __text: `Acme d'Oslo (${ACCOUNT})` };
    expect(await offered()).toEqual([first]);
    await grantReader(db.database, { role: 'cdd_reader', accountIds: ['*'] });
    expect(await offered()).toEqual([first, { __value: OTHER, __text: OTHER }]);
  });
});

test('panels by month show whole months, also those that the time range only touches', async ({ db }) => {
  const now = new Date();
  const on = (monthsAgo: number, day: number) => {
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, day, 12));
  };
  await asReader(db.url, async (ask) => {
    for (const title of ['Funnel by month of opening', 'Approval rate by month', 'Decisions by month and route']) {
      const sql = await sqlCalled(title);
      const narrow = await ask(sql, { ...range(), from: on(2, 20), to: on(1, 10) });
      expect(new Set(narrow.rows.map((row) => row.Month)).size, title).toBe(2);
      expect(await ask(sql, { ...range(), from: on(2, 1), to: on(1, 28) }), title).toEqual(narrow);
    }
  });
});

test('decision times equal the view for one account, and are computed over all cases for two', async ({ db }) => {
  await grantReader(db.database, { role: 'cdd_reader', accountIds: ['*'] });
  const numbers = ({ rows }: Answer) =>
    rows.map((row) => Object.values(row).map((value) => (Number(value) >= 0 ? Number(value).toFixed(3) : value)));
  await asReader(db.url, async (ask) => {
    for (const route of ['automatic', 'manual']) {
      const published = await ask(
        `select to_char(month, 'YYYY-MM'), p50_hours, p90_hours, p95_hours from reporting.decision_times_monthly
         where account_id = '${ACCOUNT}' and route = '${route}' order by 1`,
        range(),
      );
      expect(published.rows.length).toBeGreaterThan(1);
      expect(numbers(await ask(await sqlCalled(`Hours to decision, ${route}`), range()))).toEqual(numbers(published));
    }
    const decided = await ask(
      'select hours_to_decision from reporting.cases where first_decided_at is not null',
      range(),
    );
    const hours = decided.rows.map((row) => Number(row.hours_to_decision)).sort((a, b) => a - b);
    const [below = 0, above = 0] = [Math.floor, Math.ceil].map((round) => hours[round((hours.length - 1) / 2)]);
    const both = { ...range(), accounts: [ACCOUNT, OTHER] };
    const { rows } = await ask(await sqlCalled('Median time to decision'), both);
    expect(Number(rows[0]?.hours)).toBeCloseTo((below + above) / 2, 3);
  });
});
