import pLimit from 'p-limit';
import { type App, openApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Account } from '../model/account.ts';
import { SyncError } from '../model/sync-error.ts';
import { closeBreaker } from '../store/accounts/circuit-breaker.ts';
import { pendingMigrations } from '../store/migrate/migrate.ts';
import { checkServer } from '../store/postgres/pool.ts';
import { accountsOf, discoveringPartners, type MerchantList } from '../worker/merchant-accounts.ts';
import type { CommandContext } from './process-context.ts';
import { table } from './table.ts';

type CheckResult = { check: string; ok: boolean; message: string };

type CheckContext = Pick<App, 'url' | 'database' | 'dintero'> & { config: Config; signal: AbortSignal };

/**
 * Tries the database, every partner's discovery, and every account's credentials and read access. Returns exit code 1
 * if a check failed.
 */
export async function runCheck(
  config: Config,
  { json, log, signal, print }: CommandContext & { json: boolean },
): Promise<number> {
  const message = [`${config.accounts.length} accounts`, ...config.warnings].join('\n');
  await using app = await openApp(config, log);
  const results = [{ check: 'configuration', ok: true, message }, ...(await checkAll({ ...app, config, signal }))];
  if (json) print(JSON.stringify(results));
  else print(table(results.map(({ check, ok, message }) => ({ check, ok: ok ? 'yes' : 'NO', message }))));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

async function checkAll(context: CheckContext): Promise<CheckResult[]> {
  const { config, url, database } = context;
  const server = await attempt('database', async () => `Postgres ${await checkServer(database)}`);
  const schema = await checkSchema(url);
  const partners = await checkPartners(context);
  const accounts = await pLimit(config.concurrency).map(accountsOf(config, partners.lists), (account) =>
    checkAccount(account, schema.isCurrent, context),
  );
  return [server, schema.result, ...partners.results, ...accounts];
}

async function checkSchema(url: string): Promise<{ result: CheckResult; isCurrent: boolean }> {
  let isCurrent = false;
  const result = await attempt('schema', async () => {
    const pending = await pendingMigrations(url);
    isCurrent = pending.length === 0;
    return isCurrent
      ? 'newest'
      : `older than the program: ${pending.length} migrations or definitions are pending; start and sync apply them, or run: cdd-sync migrate`;
  });
  return { result, isCurrent };
}

/** Also closes the account's circuit breaker on success, so that the worker tries it again at once. */
async function checkAccount(
  account: Account,
  isSchemaCurrent: boolean,
  { dintero, database, signal }: CheckContext,
): Promise<CheckResult> {
  return attempt(`account ${account.id}`, async () => {
    await dintero.checkAccess(account, signal);
    if (isSchemaCurrent) await closeBreaker(database, account.id);
    return 'credentials accepted, list readable';
  });
}

async function checkPartners({
  config,
  dintero,
  signal,
}: CheckContext): Promise<{ results: CheckResult[]; lists: MerchantList[] }> {
  const lists: MerchantList[] = [];
  const results: CheckResult[] = [];
  for (const partner of discoveringPartners(config)) {
    results.push(
      await attempt(`partner ${partner.id}`, async () => {
        const list = { ...(await dintero.listMerchants(partner, signal)), partner };
        lists.push(list);
        return describeMerchants(list);
      }),
    );
  }
  return { results, lists };
}

function describeMerchants({ merchants, skipped, complete }: MerchantList): string {
  const active = merchants.filter((merchant) => merchant.active).length;
  return [
    `${active} merchants`,
    ...(active < merchants.length ? [`${merchants.length - active} inactive`] : []),
    ...(skipped > 0 ? [`${skipped} skipped, without a valid account id`] : []),
    ...(complete ? [] : ['the pages repeat themselves, so merchants may be missing: list those under accounts']),
  ].join('; ');
}

async function attempt(check: string, work: () => Promise<string>): Promise<CheckResult> {
  try {
    return { check, ok: true, message: await work() };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { check, ok: false, message: `${error.code}: ${error.message}` };
  }
}
