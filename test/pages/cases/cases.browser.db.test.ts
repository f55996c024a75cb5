import { describe, expect } from 'vitest';
import { withAdmin } from '../../support/admin.ts';
import { describeInBrowser, expectAccessible, look } from '../../support/browser.ts';
import { testFilledBy } from '../../support/database.ts';
import { ALL_HOSTILE_TEXTS, isSafeToShow } from '../../support/hostile-text.ts';
import { totalOf } from '../../support/listed-cases.ts';
import { addAccounts } from '../../support/other-accounts.ts';
import { startPages } from '../../support/pages.ts';
import { item } from '../../support/reporting/listed-history.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';
import { until } from '../../support/until.ts';

const MANY = 30_000;

/** A case for each hostile text, as its name, country, package and number; and an account with many cases. */
const test = testFilledBy(async (database) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const items = ALL_HOSTILE_TEXTS.map((text, index) =>
    item(index, {
      created_at: '2026-01-05T10:00:00Z',
      package: text,
      products: [text],
      case_for: { payout_destination_name: text },
      case_request: { countryCode: text, organizationNumber: text, referenceId: text },
      events: [{ id: 1, event: 'created', case_status: text, created_at: '2026-01-05T10:00:00Z' }],
    }),
  );
  rig.sandbox.world.serve(ACCOUNT, JSON.stringify(items));
  await rig.sync();
  await rig.close();
  await addAccounts(database, [MANY]);
});

/** The fields of a CSV without line breaks in them. */
const fieldsOf = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

describe('names, countries and statuses that break other programs', () => {
  test('are shown as text on every page of the list, and are no formula in its file', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    let shown = 0;
    let address: string | undefined = `/cases?account=${ACCOUNT}&state=all&sort=name`;
    while (address !== undefined) {
      const { status, body } = await pages.ask(address);
      expect([address, status, isSafeToShow(body.replaceAll('\t', ''))]).toEqual([address, 200, true]);
      expect(totalOf(body)).toBe(ALL_HOSTILE_TEXTS.length);
      shown += body.match(/<tr role="row">/g)?.length ?? 0;
      shown -= 1;
      address = /href="([^"]*)">Next</.exec(body)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(shown).toBe(ALL_HOSTILE_TEXTS.length);

    const { body } = await pages.ask(`/cases?account=${ACCOUNT}&state=all&format=csv`);
    expect(
      body
        .split('\r\n')
        .flatMap(fieldsOf)
        .filter((field) => /^[=+\-@\t]/.test(field)),
    ).toEqual([]);
  });

  test('can be filtered by, and searched', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const texts = ALL_HOSTILE_TEXTS.filter((one) => one !== '' && one.trim() === one && one.length < 100);
    for (const text of texts.filter((_, index) => index % 15 === 0)) {
      const filters = { status: text, country: text, package: text, product: text, q: text };
      const address = `/cases?state=all&${new URLSearchParams(filters)}`;
      const { status, body } = await pages.ask(address);
      expect([address, status, totalOf(body) > 0, totalOf(body) < 10]).toEqual([address, 200, true, true]);
    }
  });
});

describe('the file of a long list', () => {
  test('has every case of it, and a heading also without one', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const { headers, body } = await download(`${pages.url}/cases?account=P11111111&state=all&format=csv`);
    expect(body.startsWith('\ufeffcase_key,account_id,')).toBe(true);
    const lines = body.split('\r\n').slice(1, -1);
    expect([lines.length, new Set(lines.map((line) => line.slice(0, 46))).size]).toEqual([MANY, MANY]);
    const name = /filename="(.*)"/.exec(headers.get('content-disposition') ?? '')?.[1];
    expect(name).toMatch(/^cases-account-P11111111-\d{4}-\d\d-\d\d\.csv$/);
    const empty = await download(`${pages.url}/cases?country=nowhere&format=csv`);
    expect(empty.body.split('\r\n')).toHaveLength(2);
  });

  test('is not made if the address has a mistake, since it could not say so', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const { status, body } = await pages.ask('/cases?satge=review&format=csv');
    expect([status, body.includes('There is no filter “satge”')]).toEqual([400, true]);
  });

  test('is read no further when its reader has gone', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const stop = new AbortController();
    const { body } = await fetch(`${pages.url}/cases?account=P11111111&state=all&format=csv`, { signal: stop.signal });
    await body?.getReader().read();
    stop.abort();
    const isIdle = () =>
      withAdmin(url, async (client) => {
        const { rows } = await client.query<{ state: string }>(
          `select state from pg_stat_activity where datname = current_database() and application_name = 'cdd-sync pages'`,
        );
        return rows.every(({ state }) => state === 'idle');
      });
    await until(isIdle);
    expect(pages.log()).not.toContain('could not be shown');
  });
});

async function download(address: string): Promise<{ headers: Headers; body: string }> {
  const { headers, body } = await fetch(address);
  const bytes = await new Response(body).arrayBuffer();
  // Not text(), which leaves out the byte order mark.
  return { headers, body: Buffer.from(bytes).toString() };
}

describeInBrowser('the list of cases', (browser) => {
  test('is used by keyboard and screen reader, in light and dark, and asks nobody else', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url }, async (page) => {
      await page.goto(`/cases?account=${ACCOUNT}&state=all&sort=name&satge=x&opened_from=2026-01-01`);
      await expectAccessible(page);
      expect(await page.getByRole('columnheader', { name: 'Case' }).getAttribute('aria-sort')).toBe('ascending');
      await page.getByLabel('Name, number or id').fill('<script>');
      await page.keyboard.press('Enter');
      await page.waitForURL((address) => address.searchParams.get('q') === '<script>');
      expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toMatch(/^\d+ cases?$/);
      await page.getByRole('link', { name: 'Remove the filter: with “<script>”' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL((address) => !address.searchParams.has('q'));
      await page.getByRole('link', { name: 'Next' }).click();
      await page.getByText(/^51–100 of/).waitFor();
    });
  });

  test('shows a card for each case on a phone, and nothing beyond its edge', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const viewport = { width: 390, height: 800 };
    await look({ browser: browser(), origin: pages.url, viewport }, async (page) => {
      await page.goto(`/cases?account=${ACCOUNT}&state=all`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      await expectAccessible(page);
    });
  });
});
