import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { describeInBrowser, expectAccessible, look } from '../../support/browser.ts';
import { testFilledBy } from '../../support/database.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';
import { startPages } from '../../support/pages.ts';
import { ACCOUNT, createRig } from '../../support/rig.ts';

const PHONE = { width: 390, height: 800 };
const A4 = { format: 'A4', margin: { top: '1cm', bottom: '1cm', left: '1cm', right: '1cm' } } as const;

let caseId = '';

const test = testFilledBy(async (database) => {
  const rig = await createRig(database);
  await rig.sync();
  caseId = rig.sandbox.world.caseIds(ACCOUNT)[0] ?? '';
  rig.sandbox.world.addLateEvent({ account: ACCOUNT, case: caseId }, { hours: 100 });
  rig.sandbox.world.edit({ account: ACCOUNT, case: caseId }, (document) => {
    const texts = ['</td><script>alert(1)</script>', 'A'.repeat(300), ...Object.values(HOSTILE_TEXTS)];
    const hostile = texts.map((text, index) => ({
      id: 5000 + index,
      event: text,
      case_status: text,
      error: text,
      created_at: rig.sandbox.world.now(),
    }));
    document.events = [...(document.events as object[]), ...hostile];
    document.case_for = { ...(document.case_for as object), payout_destination_name: '<b>Name</b>' };
    document.package = 'W'.repeat(200);
  });
  await rig.sync();
  await rig.close();
});

/** Fails if the page is wider than the screen. */
const expectNoSidewardsScroll = async (page: { evaluate: (code: string) => Promise<unknown> }) =>
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);

/** The cells whose parts stand far apart on one line, such as `+9.5 d` and `late`. */
function tornCells(page: Page): Promise<string[]> {
  return page.locator('td').evaluateAll((cells) =>
    cells
      .filter((cell) => {
        const boxes = [...cell.childNodes].map((node) => {
          const range = cell.ownerDocument.createRange();
          range.selectNode(node);
          return range.getBoundingClientRect();
        });
        return boxes.some((box, index) => {
          const next = boxes[index + 1];
          return next !== undefined && Math.abs(next.bottom - box.bottom) < 4 && next.left - box.right > 24;
        });
      })
      .map((cell) => cell.outerHTML),
  );
}

describeInBrowser('the pages of a case and of months', (browser) => {
  // Every page on a wide screen: every-page.browser.db.test.ts.
  test('are read by screen reader in light and dark, and fit a phone', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    const month = new Date().toISOString().slice(0, 7);
    await look({ browser: browser(), origin: pages.url, viewport: PHONE }, async (page) => {
      await page.goto(`/cases/${ACCOUNT}/${caseId}`);
      expect(await page.title()).toBe('<b>Name</b> · cdd-sync');
      await expectNoSidewardsScroll(page);
      expect(await page.getByText('late', { exact: true }).count()).toBeGreaterThan(0);
      expect(await tornCells(page)).toEqual([]);
      await page.getByRole('link', { name: '‹' }).click();
      await page.waitForURL(/known_at=/);
      expect(await page.getByText('not known yet').count()).toBeGreaterThan(0);
      await expectNoSidewardsScroll(page);
      await expectAccessible(page);
      for (const path of ['/months', `/months/${month}`, '/months/2026-06']) {
        await page.goto(path);
        await expectNoSidewardsScroll(page);
        await expectAccessible(page);
      }
    });
  });

  test('are asked for another time by keyboard, without scripts', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url, javaScriptEnabled: false }, async (page) => {
      await page.goto(`/cases/${ACCOUNT}/${caseId}`);
      const field = page.getByLabel('Known at');
      await field.fill('2024-07-01T14:00:00');
      await field.press('Enter');
      await page.waitForURL(/known_at=2024-07-01T12%3A00%3A00\.000000Z$/);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Case ${caseId}`);
      await page.getByRole('link', { name: 'now', exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(new RegExp(`${caseId}$`));
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('<b>Name</b>');
    });
  });

  test('print a month on one sheet of A4', async ({ db: { url } }) => {
    await using pages = await startPages(url);
    await look({ browser: browser(), origin: pages.url }, async (page) => {
      await page.goto('/months/2026-06');
      const pdf = (await page.pdf(A4)).toString('latin1');
      expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
    });
  });
});
