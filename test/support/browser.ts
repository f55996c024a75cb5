import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';

const executablePath = await findChromium();
/** On a build server a missing browser is an error: nobody would notice that tests are skipped. */
const isSkipped = executablePath === null && !process.env.CI;

/**
 * `describe` for tests in a browser, which all tests of the group share. Where there is none, the tests are skipped and
 * say so.
 */
export function describeInBrowser(name: string, tests: (browser: () => Browser) => void): void {
  if (isSkipped) {
    process.stderr.write(
      `\n*** TESTS IN A BROWSER ARE SKIPPED: ${name}. Install Chromium or Chrome (apt-get install chromium), or run: npm install --no-save @sparticuz/chromium. ***\n\n`,
    );
  }
  describe.skipIf(isSkipped)(name, () => {
    let browser: Browser | null = null;
    beforeAll(async () => {
      if (executablePath === null) throw new Error('there is no Chromium, and CI is set');
      browser = await launchChromium(executablePath);
    });
    afterAll(() => browser?.close());
    tests(() => {
      if (browser === null) throw new Error('the browser was not started');
      return browser;
    });
  });
}

type Looking = BrowserContextOptions & { browser: Browser; origin: string };

/**
 * Looks at pages of one origin in a context of its own. Fails if a page wrote an error to the console, refused something
 * by its policy, or asked another host.
 */
export async function look<T>({ browser, origin, ...options }: Looking, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ baseURL: origin, ...options });
  try {
    const page = await context.newPage();
    const problems = watch(page, origin);
    const result = await work(page);
    expect(problems).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

function watch(page: Page, origin: string): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    // Answers of 4xx and 5xx are in the console too; tests of errors expect them.
    const isStatus = /the server responded with a status of/.test(message.text());
    if (/error|warning/.test(message.type()) && !isStatus) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) problems.push(`request: ${url}`);
  });
  return problems;
}

/** Fails if axe finds something on the page, in light or in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Not as a script element: the policy of the pages refuses that.
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      // The code runs in the browser, where axe is a global.
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
      );
    });
    expect(found, `axe in ${colorScheme}`).toEqual([]);
  }
}
