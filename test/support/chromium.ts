import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The browser of playwright, if it was installed; else one of the system, else one that an npm package ships. */
const PLACES = [
  process.env.CDD_SYNC_CHROMIUM,
  chromium.executablePath(),
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of a Chromium or Chrome; null if there is none. */
export async function findChromium(): Promise<string | null> {
  return PLACES.find((path) => path !== undefined && path !== '' && existsSync(path)) ?? (await packagedChromium());
}

/** Without a sandbox, because tests often run as root in a container; they open only our own pages. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Of a package of 70 MB that is no dependency: most machines have a browser. Null if it is not installed. */
async function packagedChromium(): Promise<string | null> {
  const name = '@sparticuz/chromium';
  try {
    const { default: packaged } = (await import(name)) as { default: { executablePath: () => Promise<string> } };
    return await packaged.executablePath();
  } catch {
    return null;
  }
}
