import pLimit from 'p-limit';
import { openParts } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { DinteroClient } from '../dintero/client.ts';
import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';
import { SyncError } from '../model/sync-error.ts';
import { closeBreaker } from '../store/accounts/circuit-breaker.ts';
import { pendingMigrations } from '../store/migrate/migrate.ts';
import { checkServer } from '../store/postgres/pool.ts';
import { accountsOf, discoveringPartners, type MerchantList } from '../worker/merchant-accounts.ts';
import { table } from './table.ts';

type Finding = { check: string; ok: boolean; message: string };

type CheckOptions = { json: boolean; log: Log; signal: AbortSignal; print: (line: string) => void };

/**
 * Tries the database, the discovery of every partner's merchants, and the credentials and read access of every account.
 * Exit code 1 when something is wrong.
 */
export async function runCheck(config: Config, { json, log, signal, print }: CheckOptions): Promise<number> {
  const message = [`${config.accounts.length} accounts`, ...config.warnings].join('\n');
  const findings: Finding[] = [{ check: 'configuration', ok: true, message }];
  const { url, database, dintero, close } = await openParts(config, log);
  try {
    const server = await finding('database', async () => `Postgres ${await checkServer(database)}`);
    const schema = await checkSchema(url);
    const partners = await checkPartners(config, dintero, signal);
    const accounts = accountsOf(config, partners.lists);
    const tryOne = async (account: Account) => {
      await dintero.checkAccess(account, signal);
      // What was wrong is mended: the worker need not wait any longer.
      if (schema.newest) await closeBreaker(database, account.id);
      return 'credentials accepted, list readable';
    };
    findings.push(
      server,
      schema.finding,
      ...partners.findings,
      ...(await pLimit(config.concurrency).map(accounts, (account) =>
        finding(`account ${account.id}`, () => tryOne(account)),
      )),
    );
  } finally {
    await close();
  }
  if (json) print(JSON.stringify(findings));
  else print(table(findings.map(({ check, ok, message }) => ({ check, ok: ok ? 'yes' : 'NO', message }))));
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

async function checkSchema(url: string): Promise<{ finding: Finding; newest: boolean }> {
  let newest = false;
  const found = await finding('schema', async () => {
    const pending = await pendingMigrations(url);
    newest = pending.length === 0;
    return newest
      ? 'newest'
      : `older than the program by ${pending.length}; start and sync migrate first, cdd-sync migrate does only that`;
  });
  return { finding: found, newest };
}

async function checkPartners(
  config: Config,
  dintero: DinteroClient,
  signal: AbortSignal,
): Promise<{ findings: Finding[]; lists: MerchantList[] }> {
  const lists: MerchantList[] = [];
  const findings: Finding[] = [];
  for (const partner of discoveringPartners(config)) {
    findings.push(
      await finding(`partner ${partner.id}`, async () => {
        const listed = await dintero.listMerchants(partner, signal);
        lists.push({ ...listed, partner });
        return describe(listed);
      }),
    );
  }
  return { findings, lists };
}

function describe({ merchants, skipped, complete }: Omit<MerchantList, 'partner'>): string {
  const active = merchants.filter((merchant) => merchant.active).length;
  return [
    `${active} merchants`,
    ...(active < merchants.length ? [`${merchants.length - active} inactive`] : []),
    ...(skipped > 0 ? [`${skipped} without a proper account id, skipped`] : []),
    ...(complete ? [] : ['its pages repeat themselves, so there may be more: list those under accounts']),
  ].join('; ');
}

async function finding(check: string, attempt: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, message: await attempt() };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { check, ok: false, message: `${error.code}: ${error.message}` };
  }
}
