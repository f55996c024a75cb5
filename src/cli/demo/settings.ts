import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Config, configFromContent, type DatabaseSettings } from '../../config/config.ts';
import { systemErrorCode } from '../../model/system-error.ts';
import { sandboxCredentials } from '../../sandbox/accounts.ts';

/** The same address each time, and that of the documents. */
const PREFERRED_PORT = 8080;

/** The demo's port: the preferred one if no program uses it, else any free one (0). */
export async function choosePort(preferred = PREFERRED_PORT): Promise<{ port: number; note: string }> {
  if (await isFree(preferred)) return { port: preferred, note: '' };
  return { port: 0, note: `another program uses port ${preferred}` };
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  return promise;
}

/** The folder of the demo's database. */
export function demoHome({ home }: Pick<DatabaseSettings, 'home'>): string {
  return join(home, 'demo');
}

const startFile = (home: string) => join(home, 'start');

/** When the world of the demo in this folder began; null if no demo ran there yet. */
export async function readStart(home: string): Promise<string | null> {
  const text = await readFile(startFile(home), 'utf8').catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  });
  return Number.isNaN(Date.parse(text)) ? null : text;
}

/** Keeps the beginning of the world, so that a restarted demo continues with the same cases. */
export async function keepStart(home: string, start: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(startFile(home), start);
}

/** The demo's configuration, without a port: a platform with a merchant, its test account and two sub-merchants. */
export function demoConfig({ url }: { url: string }, settings: DatabaseSettings): Config {
  const partnerId = 'P11200000';
  const client = (id: string) => ({ id, ...sandboxCredentials(id) });
  return configFromContent(
    {
      // Every two seconds.
      schedule: '*/2 * * * * *',
      statusTargets: { UNDER_MANUAL_REVIEW: 48, WAITING_FOR_SIGNATURE: 336 },
      // Short, because the oldest case is half a year old: some reviews are overdue and some are due soon.
      reports: {
        reviews: { everyMonths: 12, dueSoonDays: 30, rules: [{ everyMonths: 5, when: { countries: ['SE'] } }] },
      },
      retention: { cases: { years: 5, rules: [{ years: 10, when: { countries: ['SE'] } }] } },
      api: { baseUrl: url },
      partners: [client(partnerId)],
      accounts: [
        { ...client('P12345678'), label: 'Acme Norge' },
        { ...client('T12345678'), label: 'Acme Norge' },
        { id: 'P11200001', partner: partnerId, label: 'Bakeriet' },
        { id: 'P11200002', partner: partnerId, label: 'Verkstedet' },
      ],
    },
    settings,
  );
}
