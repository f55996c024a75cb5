import { SyncError } from '../case.ts';
import { openParts } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Dintero } from '../dintero/client.ts';
import type { Log } from '../log.ts';
import { checkServer } from '../store/database.ts';
import { pendingMigrations } from '../store/migrate.ts';
import { table } from '../table.ts';

type Finding = { check: string; ok: boolean; message: string };

type CheckOptions = { json: boolean; log: Log; signal: AbortSignal; print: (line: string) => void };

/** Tries the database, and the credentials and read access of every account. Exit code 1 when something is wrong. */
export async function runCheck(config: Config, { json, log, signal, print }: CheckOptions): Promise<number> {
  const findings: Finding[] = [
    {
      check: 'configuration',
      ok: true,
      message: [`${config.accounts.length} accounts`, ...config.warnings].join('\n'),
    },
  ];
  const { url, database, dintero, close } = await openParts(config, log);
  try {
    findings.push(
      await finding('database', async () => `Postgres ${await checkServer(database)}`),
      await finding('schema', async () => {
        const pending = await pendingMigrations(url);
        return pending.length === 0
          ? 'newest'
          : `older than the program by ${pending.length}; start and sync migrate first, cdd-sync migrate does only that`;
      }),
      ...(await checkAccounts(config, dintero, signal)),
    );
  } finally {
    await close();
  }
  if (json) print(JSON.stringify(findings));
  else print(table(findings.map(({ check, ok, message }) => ({ check, ok: ok ? 'yes' : 'NO', message }))));
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

async function checkAccounts(config: Config, dintero: Dintero, signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const account of config.accounts) {
    findings.push(
      await finding(`account ${account.id}`, async () => {
        await dintero.checkAccess(account, signal);
        return 'credentials accepted, list readable';
      }),
    );
  }
  return findings;
}

async function finding(check: string, attempt: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, message: await attempt() };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { check, ok: false, message: `${error.code}: ${error.message}` };
  }
}
