import { expect } from 'vitest';
import { grantReader } from '../../../src/store/reports/reader-grants.ts';
import { describeInBrowser, expectAccessible, look } from '../../support/browser.ts';
import { testFilledBy } from '../../support/database.ts';
import { startPages } from '../../support/pages.ts';
import { ACCOUNT, syncedRig } from '../../support/rig.ts';
import { roleFixture } from '../../support/role.ts';

const TOKEN = 'the-token-of-a-viewer';

const test = testFilledBy(async (database) => {
  const { rig } = await syncedRig(database);
  await rig.close();
}).extend('role', roleFixture);

describeInBrowser('a viewer', (browser) => {
  test('signs in on a phone, comes to the page that was asked for, and signs out', async ({
    db: { url, database },
    role,
  }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: [{ name: 'compliance', token: TOKEN, role }] });
    const viewport = { width: 390, height: 800 };
    await look({ browser: browser(), origin: pages.url, viewport }, async (page) => {
      await page.goto('/accounts?days=30');
      await expectAccessible(page);
      await page.getByLabel('Token').fill('a-wrong-token-1234');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').filter({ hasText: 'not the token' }).waitFor();
      await expectAccessible(page);
      await page.getByLabel('Token').fill(TOKEN);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL('**/accounts?days=30');
      await page.getByRole('link', { name: ACCOUNT }).first().waitFor();
      await expectAccessible(page);
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.goto('/accounts');
      await page.getByLabel('Token').waitFor();
    });
  });

  test('who is signed in follows a link from another site without signing in again', async ({
    db: { url, database },
    role,
  }) => {
    await grantReader(database, { role, accountIds: [ACCOUNT] });
    await using pages = await startPages(url, { viewers: [{ name: 'compliance', token: TOKEN, role }] });
    const context = await browser().newContext();
    const page = await context.newPage();
    await page.goto(`${pages.url}/sign-in`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: ACCOUNT }).first().waitFor();
    // Another site: localhost and 127.0.0.1 are two.
    await page.route('http://other.test/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<a href="${pages.url}/accounts">the pages</a>` }),
    );
    await page.goto('http://other.test/');
    await page.getByRole('link').click();
    await page.getByRole('link', { name: ACCOUNT }).first().waitFor();
    await context.close();
  });
});
