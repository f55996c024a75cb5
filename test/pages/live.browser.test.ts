import fastify from 'fastify';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { SECURITY_HEADERS } from '../../src/pages/access/headers.ts';
import { block } from '../../src/pages/html/block.ts';
import { chart } from '../../src/pages/html/chart.ts';
import { type Html, html } from '../../src/pages/html/html.ts';
import { page } from '../../src/pages/html/layout.ts';
import { type Column, table } from '../../src/pages/html/table.ts';
import { readStaticFiles } from '../../src/pages/static/files.ts';
import { describeInBrowser, expectAccessible, look } from '../support/browser.ts';

type Day = { day: string; open: number };

const columns: Column<Day>[] = [
  { heading: 'Day', name: 'day', csv: ({ day }) => day },
  { heading: 'Open', name: 'open', csv: ({ open }) => open, isNumber: true },
];

/** A page with a chart and a link, as the server would send it for these values. */
function content(values: readonly number[]): Html {
  const days = values.map((open, index) => ({ day: `${index + 1} Nov`, open }));
  const drawn = chart({
    id: 'backlog-chart',
    title: 'Open cases by day',
    kind: 'area',
    isStacked: true,
    labels: days.map(({ day }) => day),
    series: [
      { name: 'open', values, links: values.map((_, index) => `/?day=${index}`) },
      { name: 'other', values: values.map(() => 1) },
    ],
    unit: 'cases',
    table: table({ caption: 'Open cases by day', columns, rows: days, empty: 'none' }),
    empty: 'none',
  });
  return html`<h1>Title</h1>${block({ id: 'backlog', heading: 'Backlog', views: ['backlog_daily'], body: drawn })}
${block({ id: 'sum', heading: 'Sum', views: [], body: html`<p><a href="/?sum">${values.length}</a></p>` })}`;
}

/** Serves the content with the headers of the pages. */
async function serve(read: () => Html, failure: () => [status: number, body: string] | null = () => null) {
  const { addresses, files } = await readStaticFiles();
  const app = fastify();
  app.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
  const url = new URL('http://pages.invalid/');
  app.get('/', (_request, reply) => {
    const [status, body] = failure() ?? [200, ''];
    if (status !== 200) return reply.code(status).type('text/html').send(body);
    const frame = { title: 'Live', url, files: addresses, shown: null, viewer: null, isLive: true };
    return reply.type('text/html; charset=utf-8').send(page(frame, read()).text);
  });
  app.get('/static/*', (request, reply) => {
    const file = files.get(request.url);
    return file === undefined ? reply.callNotFound() : reply.type(file.type).send(file.content);
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return { origin, [Symbol.asyncDispose]: () => app.close() };
}

const isTableOpen = async (shown: Page) => (await shown.locator('#backlog-chart-table').getAttribute('open')) !== null;
const drawing = (shown: Page) => shown.locator('.canvas svg');

describeInBrowser('a page with a chart', (browser) => {
  it('draws it under the strict policy, in light and dark, and leads to the cases behind it', async () => {
    await using server = await serve(() => content([3, 5, 4]));
    await look({ browser: browser(), ...server }, async (shown) => {
      await shown.goto('/');
      await drawing(shown).waitFor();
      expect(await isTableOpen(shown)).toBe(false);
      await expectAccessible(shown);
      // The tooltip: as HTML it would break the policy, which `look` reports. After dark, the chart is drawn anew.
      await expect
        .poll(async () => {
          await shown.locator('.canvas').hover({ position: { x: 1, y: 1 } });
          await shown.locator('.canvas').hover();
          return await drawing(shown).textContent();
        })
        .toContain('5 cases');
      await shown.locator('#backlog-chart-table > summary').click();
      expect(await isTableOpen(shown)).toBe(true);
    });
  });

  it('shows its table without scripts', async () => {
    await using server = await serve(() => content([3, 5, 4]));
    await look({ browser: browser(), ...server, javaScriptEnabled: false }, async (shown) => {
      await shown.goto('/');
      expect(await shown.getByRole('row').count()).toBe(4);
      expect(await shown.locator('.drawing').isVisible()).toBe(false);
    });
  });

  it('prints its table', async () => {
    await using server = await serve(() => content([3, 5, 4]));
    await look({ browser: browser(), ...server }, async (shown) => {
      await shown.goto('/');
      await drawing(shown).waitFor();
      await shown.emulateMedia({ media: 'print' });
      expect(await shown.getByRole('cell', { name: '5' }).isVisible()).toBe(true);
    });
  });

  it('follows the server while it is looked at, and keeps focus and open details', async () => {
    const values = [3, 5, 4];
    await using server = await serve(() => content(values));
    await look({ browser: browser(), ...server }, async (shown) => {
      await shown.clock.install();
      await shown.goto('/');
      await drawing(shown).waitFor();
      await shown.locator('#backlog-chart-table > summary').click();
      await shown.locator('#sum a').focus();
      values.push(7);
      await shown.clock.fastForward(15_000);
      await shown.getByRole('cell', { name: '7' }).waitFor();
      expect(await shown.locator('#sum').innerText()).toContain('4');
      expect(await isTableOpen(shown)).toBe(true);
      expect(await shown.evaluate('document.activeElement.getAttribute("href")')).toBe('/?sum');
      await drawing(shown).waitFor();
    });
  });

  it('says that what it shows is old, and why, until it can be read again', async () => {
    let failure: [number, string] | null = null;
    await using server = await serve(
      () => content([3]),
      () => failure,
    );
    const problems: [[number, string], string][] = [
      [[500, ''], 'cdd-sync did not answer, at '],
      [[403, '<h1>You may not see this</h1>'], 'You may not see this, at '],
      [[401, '<h1>Sign in</h1>'], 'You are signed out'],
    ];
    await look({ browser: browser(), ...server }, async (shown) => {
      await shown.clock.install();
      await shown.goto('/');
      await drawing(shown).waitFor();
      for (const [answer, words] of problems) {
        failure = answer;
        await shown.clock.fastForward(60_000);
        await shown.getByText(words).waitFor();
        expect(await shown.locator('#silence').count()).toBe(1);
        expect(await drawing(shown).isVisible()).toBe(true);
      }
      failure = null;
      await shown.clock.fastForward(60_000);
      await shown.locator('#silence').waitFor({ state: 'detached' });
    });
  });
});
