import { describe, expect } from 'vitest';
import { type CasesParameters, casesAddress } from '../../src/pages/cases/filter.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import type { Database } from '../../src/store/postgres/pool.ts';
import { grantReader } from '../../src/store/reports/reader-grants.ts';
import { test as emptyTest, testFilledBy } from '../support/database.ts';
import { addManyAccounts, manyId } from '../support/many-accounts.ts';
import { startPages, textOf } from '../support/pages.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { roleFixture } from '../support/role.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const OTHER = 'P11200001';
const TEST_ACCOUNT = 'T12345678';
const TOKEN = 'the-token-of-a-viewer';

/** Two production accounts with a case in common and a test account, up to a day ago; targets and reviews that are due. */
const test = testFilledBy(async (database) => {
  const start = new Date(Date.now() - 86_400_000).toISOString();
  const rig = await createRig(database, { sandbox: { start, casesPerAccount: 150 } });
  const shared = rig.sandbox.world.documents(ACCOUNT).find(({ deleted_at }) => deleted_at === undefined);
  rig.sandbox.world.appendItem(OTHER, JSON.stringify(shared));
  for (const id of [ACCOUNT, OTHER, TEST_ACCOUNT]) await rig.sync({ account: sandboxAccount(id) });
  await saveAccounts(
    database,
    [ACCOUNT, OTHER, TEST_ACCOUNT].map((id) => sandboxAccount(id)),
  );
  await database.$executeRaw`
    insert into cdd.status_targets (status, target_hours) values ('WAITING_FOR_DETAILS', 1), ('WAITING_FOR_SIGNATURE', 1)`;
  await database.$executeRaw`update cdd.review_rules set every_months = 2`;
  await rig.close();
}).extend('role', roleFixture);

type Pages = Awaited<ReturnType<typeof startPages>>;

async function bodyOf(pages: Pages, path: string, headers = {}): Promise<string> {
  const { status, body } = await pages.ask(path, { headers });
  expect([path, status]).toEqual([path, 200]);
  return body;
}

/** The value of a figure, by the beginning of its name. */
function figure(body: string, name: string): string {
  const [, value = ''] = body.match(new RegExp(`<dt>${name}[^<]*</dt><dd>(.*?)</dd>`, 's')) ?? [];
  return textOf(value);
}

async function csvOf(pages: Pages, block: string, parameters = ''): Promise<string[][]> {
  const body = await bodyOf(pages, `/?format=csv&block=${block}${parameters}`);
  return body
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','));
}

/** The figures of the period of 90 days, from the views in another way than the page: `reporting.decisions`, row by row. */
async function expectedFigures(database: Database, where: (row: CaseRow) => boolean) {
  const rows = await database.$queryRaw<CaseRow[]>`
    select account_id, environment, is_primary, is_open, stage, decision, hours::float8,
      (now() at time zone 'Europe/Oslo')::date - (decided_at at time zone 'Europe/Oslo')::date as days_ago
    from reporting.cases
    left join (
      select account_id, case_id, decision, decided_at, hours from reporting.decisions where is_first
    ) as first_decision using (account_id, case_id)`;
  const counted = rows.filter(where);
  const decided = counted.filter(({ days_ago }) => days_ago !== null && days_ago < 90);
  return {
    open: counted.filter(({ is_open }) => is_open).length,
    review: counted.filter(({ is_open, stage }) => is_open && stage === 'review').length,
    decided: decided.length,
    before: counted.filter(({ days_ago }) => days_ago !== null && days_ago >= 90 && days_ago < 180).length,
    approved: decided.filter(({ decision }) => decision === 'approved').length,
    hours: decided.map(({ hours }) => hours ?? 0).sort((one, other) => one - other),
  };
}

type CaseRow = {
  account_id: string;
  environment: string;
  is_primary: boolean;
  is_open: boolean;
  stage: string | null;
  decision: string | null;
  hours: number | null;
  days_ago: number | null;
};

const isCounted = ({ environment, is_primary }: CaseRow) => environment === 'production' && is_primary;

describe('the figures of the overview', () => {
  test('are those of the views, production cases once each', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const body = await bodyOf(pages, '/');
    const expected = await expectedFigures(database, isCounted);
    expect(expected.decided).toBeGreaterThan(50);
    expect(figure(body, 'Open now')).toBe(String(expected.open));
    expect(figure(body, 'Waiting: check')).toMatch(new RegExp(`^${expected.review} / \\d+$`));
    expect(figure(body, 'Decided, 90 days')).toBe(String(expected.decided));
    expect(textOf(body)).toContain(`against the 90 days before (${expected.before})`);
    expect(figure(body, 'Approved')).toBe(`${((100 * expected.approved) / expected.decided).toFixed(1)} %`);
  });

  test('p50 is the median of the hours of the decisions', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const { hours } = await expectedFigures(database, ({ account_id }) => account_id === ACCOUNT);
    const middle = (hours.length - 1) / 2;
    const median = ((hours[Math.floor(middle)] ?? 0) + (hours[Math.ceil(middle)] ?? 0)) / 2;
    const shown = figure(await bodyOf(pages, `/?account=${ACCOUNT}`), 'Time to decision').split(' / ')[0] ?? '';
    expect(shown).toBe(median < 48 ? `${median.toFixed(1)} h` : `${(median / 24).toFixed(1)} d`);
  });

  test('a case of two accounts counts once, and in each account if that is chosen', async ({
    db: { url, database },
  }) => {
    await using pages = await startPages(url);
    const open = async (path: string) => Number(figure(await bodyOf(pages, path), 'Open now'));
    const shared = await database.$queryRaw<{ is_open: boolean }[]>`
      select is_open from reporting.cases where accounts_with_case > 1 and not is_primary`;
    expect(shared).toHaveLength(1);
    const both = (await open(`/?account=${ACCOUNT}`)) + (await open(`/?account=${OTHER}`));
    expect(await open('/')).toBe(both - (shared[0]?.is_open === true ? 1 : 0));
  });

  test('a test account counts only if it is chosen', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const body = await bodyOf(pages, `/?account=${TEST_ACCOUNT}`);
    const expected = await expectedFigures(database, ({ account_id }) => account_id === TEST_ACCOUNT);
    expect(figure(body, 'Open now')).toBe(String(expected.open));
    expect(textOf(await bodyOf(pages, '/'))).toContain('Counted: production accounts.');
    expect(textOf(body)).toContain(`Counted: the cases of ${TEST_ACCOUNT}.`);
  });

  test('every table equals its view', async ({ db: { url, database } }) => {
    await using pages = await startPages(url);
    const waiting = await csvOf(pages, 'waiting', `&account=${OTHER}`);
    const aging = await database.$queryRaw<{ stage: string; counts: number[] }[]>`
      select coalesce(stage, 'none') as stage, array_agg(cases order by number) as counts
      from (
        select stage.stage, number, coalesce(sum(cases), 0)::integer as cases
        from (select distinct stage from reporting.open_case_aging where account_id = ${OTHER}) as stage
        cross join generate_series(1, 6) as number
        left join reporting.open_case_aging as aging
          on aging.stage is not distinct from stage.stage and bucket_order = number and account_id = ${OTHER}
        group by stage.stage, number
      ) as counted
      group by stage`;
    expect(new Map(waiting.map(([stage, ...counts]) => [stage, counts.slice(0, 6).map(Number)]))).toEqual(
      new Map(aging.map(({ stage, counts }) => [stage, counts])),
    );
    const backlog = await csvOf(pages, 'backlog');
    const [now] = await database.$queryRaw<{ cases: number }[]>`
      select sum(cases)::integer as cases
      from reporting.backlog_daily
      where is_open and account_id like 'P%' and day = (now() at time zone 'Europe/Oslo')::date`;
    expect(backlog).toHaveLength(90);
    expect(
      backlog
        .at(-1)
        ?.slice(1)
        .map(Number)
        .reduce((sum, cases) => sum + cases),
    ).toBe(now?.cases);
    const funnel = await csvOf(pages, 'funnel');
    const [months] = await database.$queryRaw<{ opened: number; approved: number }[]>`
      select sum(opened)::integer as opened, sum(approved)::integer as approved
      from reporting.funnel_monthly
      where account_id like 'P%' and month > (now() at time zone 'Europe/Oslo')::date - 89 - interval '1 month'`;
    expect([funnel[0]?.[1], funnel[5]?.[1]]).toEqual([String(months?.opened), String(months?.approved)]);
    expect((await pages.ask('/?format=csv&block=nothing')).status).toBe(404);
  });
});

describe('what needs a person', () => {
  test('targets and reviews that are due are one line each, with the cases behind them', async ({
    db: { url, database },
  }) => {
    await using pages = await startPages(url);
    const body = await bodyOf(pages, '/');
    const [due] = await database.$queryRaw<{ late: number; overdue: number }[]>`
      with counted as (
        select account_id, case_id, is_open from reporting.cases where is_primary and environment = 'production'
      )
      select
        (
          select count(*)::integer
          from reporting.status_targets join counted using (account_id, case_id)
          where is_open and left_at is null and state = 'breached' and status = 'WAITING_FOR_DETAILS'
        ) as late,
        (
          select count(*)::integer
          from reporting.periodic_reviews join counted using (account_id, case_id)
          where state = 'overdue'
        ) as overdue`;
    expect(due?.late).toBeGreaterThan(1);
    expect(textOf(body)).toContain(
      `${due?.late} cases are past the target of the status “waiting for details”; the oldest waits`,
    );
    expect(body).toContain(listOf({ status: 'WAITING_FOR_DETAILS', target: 'breached', state: 'open' }));
    expect(due?.overdue).toBeGreaterThan(1);
    expect(textOf(body)).toContain(`${due?.overdue} periodic reviews are overdue, the first since`);
    expect(body).toContain(listOf({ review: 'overdue' }));
  });

  test('cases that were held back are named with the command that accepts them', async ({ db: { url, database } }) => {
    await endLastRun(database, ACCOUNT, { state: 'partial', code: 'MASS_DISAPPEARANCE', heldBack: 315 });
    await using pages = await startPages(url);
    const text = textOf(await bodyOf(pages, '/'));
    expect(text).toContain(`${ACCOUNT}: 315 cases left the list at once; none was marked missing.`);
    expect(text).toContain(`cdd-sync sync --account ${ACCOUNT} --accept-missing`);
  });

  test('many accounts whose cases were held back are one line', async ({ db: { url, database } }) => {
    await addManyAccounts(database, { accounts: 8, refused: 0 });
    for (let number = 1; number <= 8; number += 1) {
      await endLastRun(database, manyId(number), { state: 'partial', code: 'MASS_DISAPPEARANCE', heldBack: 20 });
    }
    await using pages = await startPages(url);
    expect(textOf(await bodyOf(pages, '/'))).toMatch(
      /Look: 8 accounts are holding missing cases back: .* \(MASS_DISAPPEARANCE\)\. Look at the account/,
    );
  });

  test('a stale account is late, with the reason of its last run and what to do', async ({ db: { url, database } }) => {
    await endLastRun(database, ACCOUNT, { state: 'failed', code: 'NETWORK', message: 'no route to <b>host</b>' });
    await makeLate(database, ACCOUNT);
    await using pages = await startPages(url);
    const body = await bodyOf(pages, '/');
    expect(textOf(body)).toContain('1 of 2 production accounts is late.');
    expect(textOf(body)).toMatch(/P12345678 is late: Dintero cannot be reached \(NETWORK\), late by 3\.0 h\./);
    expect(body).toContain('no route to &lt;b&gt;host&lt;/b&gt;');
    expect(body).toMatch(/href="\/accounts\/P12345678\/runs\/[0-9a-f-]{36}"/);
  });

  test('a refused account is refused in the verdict too, although its data are fresh yet', async ({
    db: { url, database },
  }) => {
    await endLastRun(database, ACCOUNT, { state: 'failed', code: 'AUTH' });
    await using pages = await startPages(url);
    expect(textOf(await bodyOf(pages, '/'))).toContain('Dintero refuses 1 of 2 production accounts.');
  });

  test('a late test account is a line, but makes no production account late', async ({ db: { url, database } }) => {
    await makeLate(database, TEST_ACCOUNT);
    await using pages = await startPages(url);
    const text = textOf(await bodyOf(pages, '/'));
    expect(text).toContain('All 2 production accounts are fresh.');
    expect(text).toContain(`Look: Test account ${TEST_ACCOUNT} is late: no run ended in time, and none failed.`);
    expect(textOf(await bodyOf(pages, `/?account=${TEST_ACCOUNT}`))).toContain('The account is late.');
  });

  test('a paused account is a line with its reason, and not late', async ({ db: { url, database } }) => {
    await makeLate(database, OTHER);
    await database.$executeRaw`
      update cdd.accounts set paused_since = now() - interval '1 day', pause_reason = 'moved' where id = ${OTHER}`;
    await using pages = await startPages(url);
    const text = textOf(await bodyOf(pages, '/'));
    expect(text).toContain('1 production account is fresh.');
    expect(text).toContain(`Look: ${OTHER} is paused: moved.`);
  });

  test('1,000 accounts that are late for one reason are one line', async ({ db: { url, database } }) => {
    await addManyAccounts(database, { accounts: 1000, refused: 1000 });
    await using pages = await startPages(url);
    const body = await bodyOf(pages, '/');
    expect(textOf(body)).toContain('1,000 of 1,001 production accounts are late.');
    expect(body.match(/\(AUTH\)\. The longest/g)).toHaveLength(1);
    expect(body).toContain('href="/accounts?state=refused&amp;error=AUTH"');
    expect(textOf(body)).toContain('All 1,003 accounts');
    expect(body.length).toBeLessThan(200_000);
  });

  test('nothing is needed: the page says so in words', async ({ db: { url, database } }) => {
    await database.$executeRaw`delete from cdd.status_targets`;
    await database.$executeRaw`update cdd.review_rules set every_months = 1200`;
    await database.$executeRaw`
      update cdd.case_statuses set stage = 'review', known = true, rank = 5 where stage = 'unknown'`;
    await using pages = await startPages(url);
    expect(textOf(await bodyOf(pages, '/'))).toContain('All 2 production accounts are fresh. Nothing needs a person.');
  });
});

describe('an overview of little', () => {
  emptyTest('an empty database says what will appear, and when', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const text = textOf(await bodyOf(pages, '/'));
    expect(text).toContain('Nothing was synced yet.');
    expect(text).toContain('Accounts appear here when their first run has begun');
  });

  emptyTest('accounts before their first run are no problem, and every block says what it lacks', async ({ db }) => {
    await saveAccounts(db.database, [sandboxAccount(ACCOUNT), sandboxAccount(OTHER)]);
    await using pages = await startPages(db.url);
    const text = textOf(await bodyOf(pages, '/'));
    expect(text).toContain('2 accounts are read for the first time. Nothing needs a person.');
    expect(text).toContain('No case was opened in this time.');
    expect(text).toContain('No case is open.');
  });

  test('an account that the viewer does not see is named, and nothing else', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const text = textOf(await bodyOf(pages, '/?account=P99999999'));
    expect(text).toContain('There is no account P99999999, or you may not see it.');
    expect(text).not.toContain('Open now');
  });

  test('a reader of one account sees its numbers only', async ({ db: { url, database }, role }) => {
    await grantReader(database, { role, accountIds: [OTHER] });
    await using pages = await startPages(url, { viewers: [{ name: 'one', token: TOKEN, role }] });
    const body = await bodyOf(pages, '/', { authorization: `Bearer ${TOKEN}` });
    const expected = await expectedFigures(database, ({ account_id }) => account_id === OTHER);
    expect(figure(body, 'Open now')).toBe(String(expected.open));
    expect(textOf(body)).toContain('1 account is fresh.');
    expect(body).not.toContain(ACCOUNT);
  });

  test('a reader of test accounts alone sees them counted', async ({ db: { url, database }, role }) => {
    await grantReader(database, { role, accountIds: [TEST_ACCOUNT] });
    await using pages = await startPages(url, { viewers: [{ name: 'test', token: TOKEN, role }] });
    const text = textOf(await bodyOf(pages, '/', { authorization: `Bearer ${TOKEN}` }));
    expect(text).toContain('Counted: the cases of test accounts; there are no others.');
  });
});

/** A list of production cases, as the page writes its address. */
function listOf(parameters: CasesParameters): string {
  return casesAddress({ account: null, environment: 'production', ...parameters }).replaceAll('&', '&amp;');
}

async function makeLate(database: Database, account: string) {
  await database.$executeRaw`
    update cdd.accounts
    set next_due_at = now() - interval '3 hours', stale_at = now() - interval '2 hours'
    where id = ${account}`;
}

type RunEnd = { state: string; code: string; message?: string; heldBack?: number };

async function endLastRun(database: Database, account: string, { state, code, message, heldBack }: RunEnd) {
  await database.$executeRaw`
    insert into cdd.sync_runs (
      account_id, id, trigger, state, started_at, heartbeat_at, finished_at, complete, missing_held_back, error_code, error_message
    )
    values (
      ${account}, gen_random_uuid(), 'schedule', ${state}, now(), now(), now(), ${state === 'partial'}, ${heldBack ?? 0}, ${code},
      ${message ?? 'An error.'}
    )`;
}
