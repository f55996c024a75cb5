import pLimit from 'p-limit';
import { type App, openApp, poolSize } from '../app.ts';
import type { Config } from '../config/config.ts';
import type { Account } from '../model/account.ts';
import { SyncError } from '../model/sync-error.ts';
import { closeBreaker } from '../store/accounts/circuit-breaker.ts';
import { checkDatabase } from '../store/check/check-database.ts';
import { type Finding, finding } from '../store/check/finding.ts';
import { accountsOf, discoveringPartners, type MerchantList } from '../worker/merchant-accounts.ts';
import { QUEUE_CONNECTIONS, QUEUE_SCHEMA, QUEUE_VERSION } from '../worker/queue.ts';
import { findingsText } from './check-text.ts';
import type { CommandContext } from './process-context.ts';

type CheckContext = Pick<App, 'url' | 'database' | 'dintero'> & { config: Config; signal: AbortSignal };

/**
 * Tries the database and the rights of its role, every partner's discovery, and every account's credentials and read
 * access. Returns exit code 1 if a check found a problem.
 */
export async function runCheck(
  config: Config,
  { json, log, signal, print }: CommandContext & { json: boolean },
): Promise<number> {
  // The warnings are findings here; `openApp` would log them as well.
  await using app = await openApp({ ...config, warnings: [] }, log);
  const findings = [
    finding('configuration', 'ok', `${config.accounts.length} accounts`),
    ...config.warnings.map((warning) => finding('configuration', 'warning', warning)),
    ...(await checkAll({ ...app, config, signal })),
  ];
  if (json) print(JSON.stringify(findings.map((one) => ({ ok: one.state !== 'problem', ...one }))));
  else for (const part of findingsText(findings)) print(part);
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
}

async function checkAll(context: CheckContext): Promise<Finding[]> {
  const { config, url, database, dintero, signal } = context;
  const postgres = await checkDatabase({
    url,
    database,
    timezone: config.timezone,
    connections: poolSize(config) + QUEUE_CONNECTIONS,
    queue: { schema: QUEUE_SCHEMA, version: QUEUE_VERSION },
  });
  const partners: { found: Finding; list: MerchantList | null }[] = [];
  for (const partner of discoveringPartners(config)) {
    let list: MerchantList | null = null;
    const found = await attempt(`partner ${partner.id}`, async () => {
      list = { ...(await dintero.listMerchants(partner, signal)), partner };
      return describeMerchants(list);
    });
    partners.push({ found, list });
  }
  const lists = partners.flatMap(({ list }) => list ?? []);
  const accounts = await pLimit(config.concurrency).map(accountsOf(config, lists), (account) =>
    attempt(`account ${account.id}`, () => checkAccount(account, postgres.isUsable, context)),
  );
  return [...postgres.findings, ...partners.map(({ found }) => found), ...accounts];
}

/** Also closes the account's circuit breaker on success, so that the worker tries it again at once. */
async function checkAccount(
  account: Account,
  isUsable: boolean,
  { dintero, database, signal }: CheckContext,
): Promise<string> {
  await dintero.checkAccess(account, signal);
  if (isUsable) await closeBreaker(database, account.id);
  return 'credentials accepted, list readable';
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

async function attempt(check: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return finding(check, 'ok', await work());
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return finding(check, 'problem', `${error.code}: ${error.message}`);
  }
}
