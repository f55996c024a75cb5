import { expect } from 'vitest';
import { describeInBrowser, expectAccessible, look } from '../support/browser.ts';
import { testFilledBy } from '../support/database.ts';
import { addManyAccounts, manyId } from '../support/many-accounts.ts';
import { startPages } from '../support/pages.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

/** A thousand accounts that Dintero refused, one with a hostile label, and cases of 90 days, one in a hostile status. */
const test = testFilledBy(async (database) => {
  const start = new Date(Date.now() - 3_600_000).toISOString();
  const rig = await createRig(database, { sandbox: { start, casesPerAccount: 120 } });
  const [first = ''] = rig.sandbox.world.caseIds(ACCOUNT);
  rig.sandbox.world.appendEvent({ account: ACCOUNT, case: first }, { case_status: HOSTILE });
  await rig.sync();
  await rig.close();
  await addManyAccounts(database, { accounts: 1000, refused: 1000 });
  await database.$executeRaw`update cdd.accounts set label = ${HOSTILE} where id = ${manyId(1)}`;
  await database.$executeRaw`insert into cdd.status_targets (status, target_hours) values ('WAITING_FOR_DETAILS', 1)`;
});

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 800 };

describeInBrowser('the overview', (browser) => {
  test('says on the first screen whether all is well and what needs a person, one line a cause', async ({
    db: { url },
  }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url, viewport: DESKTOP }, async (page) => {
      await page.goto('/');
      expect(await page.title()).toBe('Overview · cdd-sync');
      expect(await page.locator('.verdict').innerText()).toMatch(
        /^1,000 of 1,001 accounts are late\. [3-9] things need a person\.$/,
      );
      const needs = page.locator('.needs > li');
      const words = await needs.allInnerTexts();
      expect(words[0]).toMatch(/^Act: 1,000 accounts are refused: .*\(AUTH\)\..*All 1,000 accounts$/s);
      expect(words.join('\n')).toMatch(/^Act: \d+ cases are past the target of the status “waiting for details”;/m);
      for (const need of await needs.all()) {
        const box = await need.boundingBox();
        expect(box !== null && box.y + box.height).toBeLessThan(DESKTOP.height);
      }
      await page.getByRole('link', { name: 'All 1,000 accounts' }).click();
      await page.waitForURL('**/accounts?state=refused&error=AUTH');
    });
  });

  test('shows hostile labels and statuses as text, also in charts', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url }, async (page) => {
      await page.goto('/');
      await page.locator('#backlog-chart svg').first().waitFor();
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('#needs').innerText()).toContain(HOSTILE);
      expect(await page.locator('#accounts').innerText()).toContain(HOSTILE);
      await page.goto(`/?account=${ACCOUNT}`);
      expect(await page.locator('#needs').innerText()).toContain(`does not document: ${HOSTILE}`);
      await page.locator('#backlog-chart svg').first().waitFor();
      expect(await page.locator('img').count()).toBe(0);
    });
  });

  test('is read by screen reader in light and dark, and fits a phone', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url, viewport: PHONE }, async (page) => {
      for (const path of ['/?days=7', `/?account=${ACCOUNT}`]) {
        await page.goto(path);
        await expectAccessible(page);
        await page.locator('details').evaluateAll((all) => {
          for (const each of all) each.setAttribute('open', '');
        });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
      }
      await page.setViewportSize(DESKTOP);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(DESKTOP.width);
    });
  });

  test('is whole without scripts, and by keyboard alone', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url, javaScriptEnabled: false }, async (page) => {
      await page.goto(`/?account=${ACCOUNT}`);
      for (const block of ['#figures', '#backlog table', '#funnel table', '#waiting table', '#accounts table']) {
        expect([block, await page.locator(block).isVisible()]).toEqual([block, true]);
      }
      expect(await page.locator('#backlog tbody tr').count()).toBe(90);
      await page.getByLabel('Period').selectOption('30');
      await page.getByRole('button', { name: 'Show' }).press('Enter');
      await page.waitForURL('**days=30');
      expect(await page.locator('#figures').innerText()).toContain('Decided, 30 days');
      expect(await page.locator('#backlog tbody tr').count()).toBe(30);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(new URL(page.url()).hash).toBe('#main');
    });
  });
});
