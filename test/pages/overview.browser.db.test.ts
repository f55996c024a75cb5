import { expect } from 'vitest';
import { describeInBrowser, expectAccessible, look } from '../support/browser.ts';
import { testFilledBy } from '../support/database.ts';
import { startPages } from '../support/pages.ts';
import { syncedRig } from '../support/rig.ts';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
});

describeInBrowser('the overview', (browser) => {
  test('is read by keyboard and screen reader, in light and dark, and asks nobody else', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url }, async (page) => {
      await page.goto('/');
      expect(await page.title()).toBe('Overview · cdd-sync');
      await expectAccessible(page);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(new URL(page.url()).hash).toBe('#main');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
    });
  });
});
