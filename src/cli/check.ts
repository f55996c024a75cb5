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

/** The value is null if the check failed. */
type Attempt<T> = { result: CheckResult; value: T | null };

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
  const toRow = ({ check, ok, message }: CheckResult) => ({
    check,
    ok: ok ? 'yes' : 'NO',
    message: message.split('\n'),
  });
  print(json ? JSON.stringify(results) : table(results.map(toRow)));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

async function checkAll(context: CheckContext): Promise<CheckResult[]> {
  const { config, url, database, dintero, signal } = context;
  const server = await attempt(
    'database',
    () => checkServer(database),
    (version) => `Postgres ${version}`,
  );
  const schema = await attempt('schema', () => pendingMigrations(url), describePending);
  const partners: Attempt<MerchantList>[] = [];
  for (const partner of discoveringPartners(config)) {
    const list = async () => ({ ...(await dintero.listMerchants(partner, signal)), partner });
    partners.push(await attempt(`partner ${partner.id}`, list, describeMerchants));
  }
  const lists = partners.flatMap(({ value }) => value ?? []);
  const isSchemaCurrent = schema.value?.length === 0;
  const accounts = await pLimit(config.concurrency).map(accountsOf(config, lists), (account) =>
    attempt(
      `account ${account.id}`,
      () => checkAccount(account, isSchemaCurrent, context),
      () => 'credentials accepted, list readable',
    ),
  );
  return [server, schema, ...partners, ...accounts].map(({ result }) => result);
}

/** Also closes the account's circuit breaker on success, so that the worker tries it again at once. */
async function checkAccount(
  account: Account,
  isSchemaCurrent: boolean,
  { dintero, database, signal }: CheckContext,
): Promise<void> {
  await dintero.checkAccess(account, signal);
  if (isSchemaCurrent) await closeBreaker(database, account.id);
}

function describePending({ length }: readonly string[]): string {
  if (length === 0) return 'newest';
  return `older than the program: ${length} migrations or definitions are pending; start and sync apply them, or run: cdd-sync migrate`;
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

async function attempt<T>(check: string, work: () => Promise<T>, describe: (value: T) => string): Promise<Attempt<T>> {
  try {
    const value = await work();
    return { result: { check, ok: true, message: describe(value) }, value };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { result: { check, ok: false, message: `${error.code}: ${error.message}` }, value: null };
  }
}
