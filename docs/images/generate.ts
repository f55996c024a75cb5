// npm run screenshots: takes the pictures of the pages for README.md and docs/pages.md. World and clock are those of
// docs/reporting.md, so a picture only changes with the pages, or with the fonts of the machine.
import { stat, writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { PAGE_POOL } from '../../src/pages/viewer.ts';
import { type Database, openDatabase } from '../../src/store/postgres/pool.ts';
import { withAdmin } from '../../test/support/admin.ts';
import { findChromium, launchChromium } from '../../test/support/chromium.ts';
import { startPages } from '../../test/support/pages.ts';
import { withTemporaryDatabase } from '../reporting/temporary-database.ts';
import { fillFromSandbox, TIMEZONE, TODAY } from '../reporting/world.ts';
import { stopClock } from '../reporting/world-time.ts';

type Picture = {
  name: string;
  path: string;
  colorScheme?: 'light' | 'dark';
  /** Selector of the block that the picture begins with. */
  from?: string;
  height: number;
};

const WIDTH = 1200;
/** So that a clone stays small. */
const MAX_BYTES = 200_000;
/** Of the chart library. */
const DRAWN_MS = 1_500;

async function take(): Promise<void> {
  const chromium = await findChromium();
  if (chromium === null) throw new Error('There is no Chromium or Chrome. Install one: apt-get install chromium');
  await withTemporaryDatabase(async (url) => {
    await fill(url);
    const database = openDatabase(url, PAGE_POOL);
    await using pages = await startPages(url, { database: withStoppedClock(database), timezone: TIMEZONE });
    const browser = await launchChromium(chromium);
    try {
      for (const picture of await pictures(url)) await takePicture(browser, pages.url, picture);
    } catch (error) {
      process.stderr.write(pages.log());
      throw error;
    } finally {
      await browser.close();
      await database.close();
    }
  });
}

async function pictures(url: string): Promise<Picture[]> {
  return [
    { name: 'overview-light', path: '/', height: 850 },
    { name: 'overview-dark', path: '/', colorScheme: 'dark', height: 850 },
    { name: 'charts', path: '/', from: '#backlog', height: 800 },
    { name: 'case', path: await correctedCase(url), height: 800 },
    { name: 'month', path: '/months/2025-10?known_at=2025-11-01T08:00:00', height: 800 },
  ];
}

async function fill(url: string): Promise<void> {
  const database = openDatabase(url, { connections: 4 });
  await fillFromSandbox(database).finally(() => database.close());
  await withAdmin(url, (client) => stopClock(client, TODAY));
}

/** The page of a case of which an event was corrected. */
function correctedCase(url: string): Promise<string> {
  return withAdmin(url, async (client) => {
    const { rows } = await client.query<{ case_key: string }>(`
      select case_key
      from reporting.case_timeline
      where superseded_at is not null
      group by case_key
      order by count(*) desc, case_key
      limit 1`);
    return `/cases/${rows[0]?.case_key}`;
  });
}

/** The pages' pool, in which `now()` is the stopped one too. */
function withStoppedClock(database: Database): Database {
  const transact: Database['transact'] = (work, options) =>
    database.transact(async (tx) => {
      await tx.$executeRaw`select set_config('search_path', 'stopped_clock, pg_catalog', true)`;
      return work(tx);
    }, options);
  return new Proxy(database, {
    get: (target, key) => (key === 'transact' ? transact : Reflect.get(target, key)),
  });
}

async function takePicture(browser: Browser, origin: string, picture: Picture): Promise<void> {
  const { name, path, colorScheme = 'light', from = 'header', height } = picture;
  const context = await browser.newContext({ baseURL: origin, colorScheme, viewport: { width: WIDTH, height } });
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(TODAY));
  const answer = await page.goto(path);
  if (answer?.status() !== 200) throw new Error(`${path} answered ${answer?.status()}`);
  await page
    .locator(from)
    .first()
    .evaluate((block) => block.scrollIntoView());
  await page.waitForTimeout(DRAWN_MS);
  const file = new URL(`${name}.png`, import.meta.url);
  await writeFile(file, await page.screenshot());
  const { size } = await stat(file);
  process.stdout.write(`docs/images/${name}.png ${Math.round(size / 1024)} kB\n`);
  if (size > MAX_BYTES) throw new Error(`${name} has ${size} bytes; make the picture smaller`);
  await context.close();
}

await take();
