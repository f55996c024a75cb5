import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { describeInBrowser, expectAccessible, look } from '../support/browser.ts';
import { testFilledBy } from '../support/database.ts';
import { addManyAccounts, manyId } from '../support/many-accounts.ts';
import { startPages } from '../support/pages.ts';
import { syncedRig } from '../support/rig.ts';

const ENDLESS = `${'Ærlig-og-lang-'.repeat(12)}<i>"`;

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
  await addManyAccounts(database, { accounts: 120, refused: 30 });
  await database.$executeRaw`update cdd.accounts set label = ${ENDLESS} where id = ${manyId(1)}`;
  await database.$executeRaw`
    update cdd.sync_runs set error_message = ${ENDLESS} where account_id = ${manyId(1)} and state = 'failed'`;
});

// The second page has the notices too, and fewer rows for axe to look at.
const PATHS = ['/accounts?page=2', `/accounts/${manyId(1)}`];

/** How much wider the page is than the screen, in pixels. */
function excessWidth(page: Page): Promise<unknown> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}

describeInBrowser('the pages of accounts', (browser) => {
  test('are accessible in light and dark, and fit a phone, with many accounts and endless words', async ({
    db: { url },
  }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url, viewport: { width: 390, height: 800 } }, async (page) => {
      for (const path of PATHS) {
        await page.goto(path);
        await expectAccessible(page);
        expect([path, await excessWidth(page)]).toEqual([path, 0]);
      }
      await page.goto(`/accounts/${manyId(1)}?state=failed`);
      await page.locator('#runs table a').first().click();
      await page.waitForURL('**/runs/*');
      await expectAccessible(page);
      expect(await excessWidth(page)).toBe(0);
    });
  });

  test('are used by keyboard: from the problem to its accounts, to one of them, to its failed runs', async ({
    db: { url },
  }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url, javaScriptEnabled: false }, async (page) => {
      await page.goto('/accounts');
      await page.getByRole('link', { name: '30 accounts', exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/accounts?state=refused&error=AUTH');
      await page.getByLabel('Id or label').fill('merchant 29');
      await page.keyboard.press('Enter');
      await page.waitForURL('**q=merchant+29*');
      expect(await page.locator('#accounts tbody tr').count()).toBe(1);
      await page.getByRole('link', { name: '3 failed' }).press('Enter');
      await page.waitForURL(`**/accounts/${manyId(29)}?hours=24&state=failed#runs`);
      expect(await page.locator('#runs tbody tr').count()).toBe(3);
    });
  });
});
