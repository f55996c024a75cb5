import { expect, test } from 'vitest';
import { describeInBrowser, expectAccessible, look } from '../support/browser.ts';
import { startCli, temporaryFolder } from '../support/cli.ts';
import { until } from '../support/until.ts';

describeInBrowser('the demo', (browser) => {
  test('a person sees the address, a verdict, and a corrected case as it was believed before', async () => {
    const demo = startCli(['demo'], { cwd: await temporaryFolder() });
    await until(() => /not declined\n.+\n/.test(demo.stdout()));
    const [, origin = ''] = /^pages +(http:\/\/127\.0\.0\.1:\d+)\/( |$)/m.exec(demo.stdout()) ?? [];
    const [, corrected = ''] = /not declined\n +(http:\S+)/.exec(demo.stdout()) ?? [];

    await look({ browser: browser(), origin }, async (page) => {
      await page.goto('/');
      expect(await page.locator('.verdict').innerText()).toMatch(
        /All 3 production accounts are fresh\. \d+ things need a person\./,
      );
      expect(await page.locator('#accounts tbody tr').count()).toBe(4);
      await expectAccessible(page);

      await page.goto(corrected);
      expect(await page.locator('main').innerText()).toMatch(/was believed until.*\sdeclined/s);
      await page.getByRole('link', { name: /^‹/ }).click();
      await page.waitForURL(/known_at=/);
      const shown = await page.locator('main').innerText();
      expect(shown).toMatch(/declined since/);
      expect(shown).not.toMatch(/active since/);
    });
    demo.kill('SIGTERM');
    expect(await demo.exit).toBe(0);
  });
});
