import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Database } from '../../src/store/postgres/pool.ts';
import { describeInBrowser, expectAccessible, look } from '../support/browser.ts';
import { testFilledBy } from '../support/database.ts';
import { HOSTILE_TEXTS } from '../support/hostile-text.ts';
import { startPages } from '../support/pages.ts';
import { syncedRig } from '../support/rig.ts';

const SCRIPT = `"'><script>document.title='run'</script><img src=x onerror="document.title='run'">`;
const FORMULA = '=HYPERLINK("https://example.com")';
/** As long as a status may be, and without a place to break the line. */
const LONG = 'W'.repeat(200);

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
  await makeHostile(database);
});

/** Texts from outside as they could be: names, statuses and labels of the newest cases. */
async function makeHostile(database: Database): Promise<void> {
  const texts = [SCRIPT, FORMULA, LONG, ...Object.values(HOSTILE_TEXTS)];
  await database.$executeRaw`update cdd.accounts set label = ${SCRIPT}, reported_label = ${SCRIPT}`;
  await database.$executeRaw`
    update cdd.cases as changed
    set payout_destination_name = hostile.text, status = hostile.text, status_since = now() - interval '1 day'
    from unnest(${texts}::text[]) with ordinality as hostile (text, number)
    join (select account_id, id, row_number() over (order by id) as number from cdd.cases) as numbered using (number)
    where (changed.account_id, changed.id) = (numbered.account_id, numbered.id)`;
}

/** The path without its ids: one page of each is looked at. */
function routeOf({ pathname }: URL): string {
  return pathname
    .replace(/\/[PT]\d{8}/, '/ACCOUNT')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d/, 'ID')
    .replace(/^\/views\/\w+/, '/views/VIEW');
}

function linksOf(page: Page): Promise<string[]> {
  return page.locator('a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
}

/** The elements that make the page wider than the screen. */
async function beyond(page: Page, width: number): Promise<string[]> {
  if ((await page.evaluate<number>('document.documentElement.scrollWidth')) <= width) return [];
  return page
    .locator('body *')
    .evaluateAll(
      (elements, right) =>
        elements
          .filter((element) => element.getBoundingClientRect().right > right && element.closest('.wide') === null)
          .map((element) => element.outerHTML.slice(0, 120)),
      width,
    );
}

/**
 * Follows all links from the overview. Looks at one page of each route, and asks for one address with each combination of
 * parameters. Returns the routes.
 */
async function crawl(page: Page, inspect: (path: string) => Promise<void>): Promise<string[]> {
  const waiting = ['/'];
  const routes = new Set<string>();
  const asked = new Set<string>();
  for (const path of waiting) {
    const url = new URL(path, 'http://pages.invalid');
    const route = routeOf(url);
    const kind = `${route} ${[...new Set(url.searchParams.keys())].sort()}`;
    if (asked.has(kind)) continue;
    asked.add(kind);
    if (routes.has(route)) {
      const answer = await page.request.get(path);
      expect([path, answer.status()]).toEqual([path, 200]);
      // Quoted or not, a cell begins at a line's begin or after a comma.
      if (path.includes('format=csv')) expect(await answer.text()).not.toMatch(/(^|,|\n)"?=HYPERLINK/);
      continue;
    }
    routes.add(route);
    const answer = await page.goto(path);
    expect([path, answer?.status()]).toEqual([path, 200]);
    await inspect(path);
    waiting.push(...(await linksOf(page)));
  }
  return [...routes];
}

describeInBrowser('every page', (browser) => {
  test('is found by links, runs no text from outside, fits the screen, and axe finds nothing', async ({
    db: { url },
  }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url, viewport: { width: 1280, height: 900 } }, async (page) => {
      const routes = await crawl(page, async (path) => {
        expect(await page.title(), path).not.toBe('run');
        expect(await page.locator('main h1').count(), path).toBe(1);
        await expectAccessible(page);
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 900 });
          expect(await beyond(page, width), `${path} at ${width}`).toEqual([]);
        }
        await page.setViewportSize({ width: 1280, height: 900 });
      });
      expect(routes).toEqual(
        expect.arrayContaining([
          '/',
          '/accounts',
          '/accounts/ACCOUNT',
          '/cases',
          '/cases/ACCOUNT/ID',
          '/months',
          '/months/ID',
          '/views',
        ]),
      );
    });
    expect(pages.log()).not.toContain('"level":50');
  });
});
