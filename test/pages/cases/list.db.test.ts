import { describe, expect, inject } from 'vitest';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { applyReportSettings } from '../../../src/store/reports/settings.ts';
import { withAdmin } from '../../support/admin.ts';
import { testFilledBy } from '../../support/database.ts';
import { listedCases, totalOf, wrongLinks } from '../../support/listed-cases.ts';
import { startPages } from '../../support/pages.ts';
import { makeRandomHistory } from '../../support/reporting/random-history.ts';

type Pages = Awaited<ReturnType<typeof startPages>>;

const test = testFilledBy(fill);

/** The sandbox's world begins in October 2026, but the reports are those of now. */
const monthsSince = (day: string) => Math.max(1, Math.floor(hoursSince(day) / 730));
const hoursSince = (day: string) => Math.floor((Date.now() - Date.parse(day)) / 3_600_000);
const dayAfter = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** From today until then, some reviews are due soon. */
const [TODAY, SOON, LATER] = [dayAfter(0), dayAfter(10), dayAfter(20)];
const [SHORTER, LONGER] = [hoursSince('2026-11-20'), hoursSince('2026-10-25')];

async function fill(database: Database): Promise<void> {
  const [{ name } = { name: '' }] = await database.$queryRaw<{ name: string }[]>`select current_database() as name`;
  const url = new URL(inject('postgres').url);
  url.pathname = `/${name}`;
  await applyReportSettings(database, {
    timezone: 'Europe/Oslo',
    statusTargets: { UNDER_MANUAL_REVIEW: 48, WAITING_FOR_SIGNATURE: 300, WAITING_FOR_DETAILS: { businessHours: 40 } },
    reports: {
      calendar: { country: 'NO', weekdays: [1, 2, 3, 4, 5], hours: '08:00-16:00', closed: [] },
      reviews: { everyMonths: monthsSince('2026-10-10'), dueSoonDays: 20, rules: [] },
    },
  });
  const { rig } = await makeRandomHistory(
    { url: url.href, database },
    { seed: 7, steps: 5, cases: 60, changes: 50, backdated: false, oddTimes: true },
  );
  await rig.close();
  // The sandbox gives each seller a number of its own.
  await database.$executeRaw`
    update cdd.cases set organization_number = 'number ' || (abs(hashtext(id::text)) % 30)::text`;
  // A database in use has statistics. Without them, paging through a list takes four times as long.
  await database.$executeRaw`analyze`;
}

const NOW_OPEN = 'c.is_open';

/** Filters, and the same in SQL written another way; all with state=all unless they say otherwise. */
const FILTERS: Record<string, string> = {
  'account=P11200000': `c.account_id = 'P11200000'`,
  'account=P11200001&account=T12345678': `c.account_id in ('P11200001', 'T12345678')`,
  'environment=test': `c.environment = 'test'`,
  'environment=production': `c.environment = 'production'`,
  'stage=review': `c.status in (select status from reporting.statuses where stage = 'review')`,
  'stage=applicant&stage=none': `c.status is null or c.status in (select status from reporting.statuses where stage = 'applicant')`,
  'status=ACTIVE': `c.status = 'ACTIVE'`,
  'state=open': NOW_OPEN,
  'state=gone': `c.deleted_at <= now() or c.missing_since is not null`,
  'state=not_gone': `not coalesce(c.deleted_at <= now() or c.missing_since is not null, false)`,
  'target=breached': `(c.case_key, c.status_since) in (
    select t.case_key, t.entered_at from reporting.status_targets t where t.left_at is null and t.state = 'breached')`,
  'target=due_soon': `(c.case_key, c.status_since) in (
    select t.case_key, t.entered_at from reporting.status_targets t where t.left_at is null and t.state = 'due_soon')`,
  'review=overdue': `c.case_key in (select r.case_key from reporting.periodic_reviews r where r.due_at <= now())`,
  'review=due_soon': `c.case_key in (select r.case_key from reporting.periodic_reviews r where r.state = 'due_soon')`,
  [`review_by=${SOON}`]: `c.case_key in (select r.case_key from reporting.periodic_reviews r where (r.due_at at time zone 'Europe/Oslo')::date <= '${SOON}')`,
  [`review_from=${TODAY}&review_by=${LATER}`]: `c.case_key in (select r.case_key from reporting.periodic_reviews r where (r.due_at at time zone 'Europe/Oslo')::date between '${TODAY}' and '${LATER}')`,
  [`review_from=${TODAY}`]: `c.case_key in (select r.case_key from reporting.periodic_reviews r where to_char(r.due_at at time zone 'Europe/Oslo', 'YYYY-MM-DD') >= '${TODAY}')`,
  'opened_from=2026-10-01&opened_to=2026-10-25': `(c.opened_at at time zone 'Europe/Oslo')::date between '2026-10-01' and '2026-10-25' and PLAUSIBLE`,
  'opened_from=2026-10-15': `(c.opened_at at time zone 'Europe/Oslo')::date >= '2026-10-15' and PLAUSIBLE`,
  'decided_to=2026-10-25': `(c.first_decided_at at time zone 'Europe/Oslo')::date <= '2026-10-25' and PLAUSIBLE`,
  'decided_from=2026-10-10&decided_to=2026-11-30&decision=approved': `(c.first_approved_at at time zone 'Europe/Oslo')::date between '2026-10-10' and '2026-11-30' and PLAUSIBLE`,
  'decided_from=2026-10-10&decided_to=2026-11-30&decision=declined': `c.case_key in (select d.case_key from reporting.decisions d where d.decision = 'declined' group by 1
    having (min(d.decided_at) at time zone 'Europe/Oslo')::date between '2026-10-10' and '2026-11-30') and PLAUSIBLE`,
  'decision=declined': `c.case_key in (select d.case_key from reporting.decisions d where d.decision = 'declined')`,
  'decision=approved': `c.case_key in (select d.case_key from reporting.decisions d where d.decision = 'approved')`,
  [`corrected_from=${TODAY}`]: `exists (
    select from cdd.status_transitions t
    where t.account_id = c.account_id and t.case_id = c.case_id and (t.superseded_at at time zone 'Europe/Oslo')::date >= '${TODAY}')`,
  'declined_before=yes': `c.environment = 'production' and exists (
    select from reporting.cases other
    where other.organization_number = c.organization_number and other.case_id <> c.case_id and other.environment = 'production'
      and (select min(d.decided_at) from reporting.decisions d where d.case_key = other.case_key and d.decision = 'declined')
        between '2000-01-01Z' and c.opened_at - interval '1 us')`,
  'route=manual': `c.decision_route = 'manual'`,
  [`waiting_from_hours=${SHORTER}&waiting_to_hours=${LONGER}`]: `extract(epoch from now() - case when c.status_since >= '2000-01-01Z' then c.status_since
    when c.opened_at >= '2000-01-01Z' and c.opened_at <= now() then c.opened_at else c.first_seen_at end) / 3600 between ${SHORTER} and ${LONGER} - 0.000001`,
  'country=no': `c.country_code in ('no', 'NO', 'No')`,
  'product=payout': `c.products @> '{payout}'`,
  'package=plus': `c.package = 'plus'`,
  'q=as': `c.payout_destination_name ilike '%as%' or c.reference_id ilike '%as%' or c.payout_reference ilike '%as%' or c.organization_number like '%as%'`,
  'q=123': `c.payout_destination_name ilike '%123%' or c.reference_id ilike '%123%' or c.payout_reference ilike '%123%' or c.organization_number like '%123%'`,
};

/** As in data_quality: no time before 2000, or more than a day ahead. */
const PLAUSIBLE = `not exists (
  select from unnest(array[c.opened_at, c.created_at, c.deleted_at]) as time
  where time < '2000-01-01Z' or time > now() + interval '1 day'
) and c.case_key not in (
  select t.case_key from reporting.status_transitions t where t.occurred_at > now() + interval '1 day'
)`;

/** The keys of the cases that fulfil a condition, of every account. */
function keysWhere(url: string, condition: string): Promise<Set<string>> {
  return withAdmin(url, async (client) => {
    const { rows } = await client.query<{ case_key: string }>(
      `select case_key from reporting.cases c where ${condition.replaceAll('PLAUSIBLE', PLAUSIBLE)}`,
    );
    return new Set(rows.map(({ case_key }) => case_key));
  });
}

describe('the list of cases', () => {
  test('has the cases of each filter, alone and with another', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const [all, primary] = [await keysWhere(url, 'true'), await keysWhere(url, 'c.is_primary')];
    const expected = new Map<string, Set<string>>();
    for (const [query, condition] of Object.entries(FILTERS)) expected.set(query, await keysWhere(url, condition));
    // Whether a case is due soon depends on the day of the test.
    const trivial = [...expected].filter(
      ([query, keys]) => (keys.size === 0 && query !== 'target=due_soon') || keys.size === all.size,
    );
    expect(trivial.map(([query]) => query)).toEqual([]);

    const queries = [...expected.keys()];
    for (const [index, first] of queries.entries()) {
      // With another kind of filter: all pairs would take minutes.
      for (const second of ['', queries[(index + 7) % queries.length] ?? '']) {
        const names = namesOf(first, second);
        // The days are those of the decision: together they say something else than each alone.
        const isOne = names.includes('decision') && names.some((name) => name.startsWith('decided_'));
        if (new Set(names).size < names.length || (isOne && second !== '')) continue;
        const address = `/cases?${first}&${second}${names.includes('state') ? '' : '&state=all'}`;
        const counted = names.includes('account') ? all : primary;
        const wanted = [...counted].filter(
          (key) => expected.get(first)?.has(key) && (expected.get(second)?.has(key) ?? true),
        );
        expect([address, (await listedCases(pages, address)).toSorted()]).toEqual([address, wanted.toSorted()]);
        if (second === '')
          expect([address, totalOf((await pages.ask(address)).body)]).toEqual([address, wanted.length]);
      }
    }
  });

  test('has as many cases as each number says that links to it', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    for (const path of [
      '/',
      '/?account=P11200000&days=30',
      '/accounts',
      '/accounts/P11200000',
      '/accounts/T12345678',
      '/months',
    ]) {
      const { status, body } = await pages.ask(path);
      const { checked, wrong } = await wrongLinks(pages, body);
      expect([path, status, wrong]).toEqual([path, 200, []]);
      expect([path, checked > 3 || path === '/months']).toEqual([path, true]);
    }
  });

  test('of periodic reviews begins with the one that is due first', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const listed = await listedCases(pages, '/cases?review_by=2030-01-01');
    expect(listed.length).toBeGreaterThan(1);
    expect(listed).toEqual(await listedCases(pages, '/cases?review_by=2030-01-01&sort=review'));
  });

  test('without a case leads to cases of every state, where those that are decided stand', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const { body } = await pages.ask('/cases?status=ACTIVE&state=open');
    const { size } = await keysWhere(url, `c.is_primary and c.status = 'ACTIVE'`);
    expect(totalOf(body)).toBe(0);
    expect(body).toContain('No case that is open fits, but <a href="/cases?status=ACTIVE&amp;state=all">');
    expect(body).toContain(`${size} cases of other states fit</a>`);
    const none = await pages.ask('/cases?status=ACTIVE&country=ZZ&state=open');
    expect(none.body).toContain('No case fits, of whatever state.');
  });

  test('has every case once on its pages, forwards and backwards, in the order of its file', async ({
    db: { url },
  }) => {
    await using pages = await startPages(url);
    for (const sort of ['', 'name', '-decided']) {
      const first = `/cases?copies=all&state=${sort === '' ? 'open' : 'all'}&sort=${sort}`;
      const forwards = await walk(pages, first, 'Next');
      expect([sort, forwards.keys]).toEqual([sort, await listedCases(pages, first)]);
      const backwards = await walk(pages, forwards.end, 'Previous');
      expect([sort, backwards.pages.toReversed().flat()]).toEqual([sort, forwards.keys]);
      expect(backwards.end).not.toMatch(/after|before/);
    }
  });
});

/** The names of the parameters, each as often as given; `account` and `stage` may repeat within one filter. */
function namesOf(first: string, second: string): string[] {
  return [first, second].flatMap((query) => [...new Set(new URLSearchParams(query).keys())]);
}

/** The keys of the cases on a page and on all pages that its links of this name lead to. */
async function walk(pages: Pages, first: string, link: 'Next' | 'Previous') {
  const found: string[][] = [];
  let end = first;
  for (let address: string | undefined = first; address !== undefined; ) {
    end = address;
    const { status, body } = await pages.ask(address);
    expect([address, status]).toEqual([address, 200]);
    found.push([...body.matchAll(/href="\/cases\/([PT]\d+\/[0-9a-f-]+)"/g)].map((match) => String(match[1])));
    address = new RegExp(`href="([^"]*)">${link}<`).exec(body)?.[1]?.replaceAll('&amp;', '&');
  }
  return { pages: found, keys: found.flat(), end };
}
