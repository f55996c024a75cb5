import { expect } from 'vitest';
import { EVERY_ACCOUNT, grantReader } from '../../src/store/reports/reader-grants.ts';
import { type Ask, asReader, choiceFor, chooseAll, sqlOf } from '../support/dashboards/ask.ts';
import { unfit } from '../support/dashboards/unfit.ts';
import { fillForDashboards } from '../support/dashboards/world.ts';
import { testFilledBy } from '../support/database.ts';
import { type Chosen, dashboards, panels } from '../support/grafana.ts';
import { ACCOUNT } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';

const test = testFilledBy(fillForDashboards).extend('role', roleFixture);

/** The panels' problems with the answers to this choice, by title. */
async function problemsOf(ask: Ask, choose: (all: Chosen) => Chosen): Promise<Record<string, string[]>> {
  const all = await chooseAll(ask);
  const problems: Record<string, string[]> = {};
  for (const panel of await panels()) {
    const found = await ask(sqlOf(panel), await choiceFor(ask, panel, choose(all))).then(
      (answer) => unfit(panel, answer),
      (error: Error) => [error.message],
    );
    if (found.length > 0) problems[panel.title] = found;
  }
  return problems;
}

test('every panel gets rows of the types that it can show, as a reader, with all of each variable', async ({
  db,
  role,
}) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    expect(await problemsOf(ask, (all) => all)).toEqual({});
  });
});

test('every panel gets such rows also as a reader without names', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT], withNames: false });
  await asReader(db.url, role, async (ask) => {
    expect(await problemsOf(ask, (all) => all)).toEqual({});
  });
});

test('every panel answers also with one or several of each variable', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    // Fewer cases can leave a panel without rows; but none may fail, or show another kind of answer.
    const failures = async (choose: (all: Chosen) => Chosen) =>
      Object.entries(await problemsOf(ask, choose)).filter(([, found]) =>
        found.some((problem) => !/^(no rows|nothing but null)$/.test(problem)),
      );
    const one = { environments: ['production'], accounts: [ACCOUNT], countries: ['NO'], products: ['checkout'] };
    expect(await failures((all) => ({ ...all, ...one }))).toEqual([]);
    const several = (values: string[]) => values.slice(0, 2);
    expect(
      await failures((all) => ({
        ...all,
        accounts: several(all.accounts),
        countries: several(all.countries),
        products: several(all.products),
      })),
    ).toEqual([]);
  });
});

test('no answer depends on the time zone of the session', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    for (const panel of await panels()) {
      const chosen = await choiceFor(ask, panel, all);
      const east = await ask(sqlOf(panel), chosen, 'Pacific/Kiritimati');
      const west = await ask(sqlOf(panel), chosen, 'Pacific/Pago_Pago');
      expect(east, panel.title).toEqual(west);
    }
  });
});

test('without a value of a variable to choose, every panel shows zero and none fails', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    for (const panel of await panels()) {
      const { rows } = await ask(sqlOf(panel), { ...all, accounts: [] });
      const counted = rows.flatMap(({ time: _, ...row }) => Object.values(row)).filter((value) => Number(value) !== 0);
      expect(counted, panel.title).toEqual([]);
      for (const none of [{ countries: [] }, { products: [] }])
        await expect(ask(sqlOf(panel), { ...all, ...none }), panel.title).resolves.toBeDefined();
    }
  });
});

test('marks of restated months are times, ends and texts', async ({ db, role }) => {
  await grantReader(db.database, { role, accountIds: [EVERY_ACCOUNT] });
  await asReader(db.url, role, async (ask) => {
    const all = await chooseAll(ask);
    const { rows: runs } = await ask('select min(finished_at) as at from reporting.sync_runs', all);
    const since = { ...all, from: new Date(Number(runs[0]?.at) + 1) };
    const marks = (await dashboards()).flatMap(({ annotations }) => annotations.list);
    expect(marks.length).toBe(2);
    for (const { target } of marks) {
      const { columns, rows } = await ask(target?.rawSql ?? '', since);
      expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
        ['time', 'time'],
        ['timeend', 'time'],
        ['text', 'text'],
        ['tags', 'text'],
      ]);
      expect(rows.length).toBeGreaterThan(0);
    }
  });
});
