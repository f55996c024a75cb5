import pLimit from 'p-limit';
import { type App, openApp, poolSize } from '../app.ts';
import type { Config } from '../config/config.ts';
import { counted } from '../model/counted.ts';
import { type Pause, pausedText } from '../model/pause.ts';
import { currentPauses } from '../store/accounts/pauses.ts';
import { checkDatabase } from '../store/check/check-database.ts';
import { clockFinding } from '../store/check/clock.ts';
import { checkFacts } from '../store/check/facts.ts';
import { errorFinding, type Finding, finding } from '../store/check/finding.ts';
import { endAnsweredHolds, type Holds, readHolds } from '../store/check/holds.ts';
import { accountsOf, discoveringPartners, type MerchantList } from '../worker/merchant-accounts.ts';
import { QUEUE_CONNECTIONS, QUEUE_SCHEMA, QUEUE_VERSION } from '../worker/queue.ts';
import { findingsText } from './check-text.ts';
import { checkChannels } from './notify.ts';
import type { CommandContext } from './process-context.ts';
import { type JsonForm, printJson } from './terminal/json.ts';
import { timeText } from './terminal/time.ts';

/** Of a worker, beside its two pools: one that tests Postgres, and two that compare the schema for /readyz. */
const MOMENTARY_CONNECTIONS = 3;

type CheckContext = Pick<App, 'url' | 'database' | 'dintero'> & { config: Config; signal: AbortSignal };

/**
 * Tries the database and the rights of its role, every partner's discovery, and every account's credentials and read
 * access. Returns exit code 1 if a check found a problem.
 */
export async function runCheck(
  config: Config,
  { form, log, signal, print, style }: CommandContext & { form: JsonForm },
): Promise<number> {
  // The warnings are findings here; `openApp` would log them as well.
  await using app = await openApp({ ...config, warnings: [] }, log, { level: 'debug' });
  const findings = [
    finding('configuration', 'ok', counted(config.accounts.length, 'account')),
    ...config.warnings.map((warning) => finding('configuration', 'warning', warning)),
    ...(await checkAll({ ...app, config, signal })),
  ];
  const rows = findings.map((one) => ({ ok: one.state !== 'problem', ...one }));
  if (form !== null) await printJson(rows, form, print);
  else for (const part of findingsText(findings, style)) print(part);
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
}

/** The most connections that one worker opens. */
export function connectionsOf(config: Pick<Config, 'concurrency'>): number {
  return poolSize(config) + QUEUE_CONNECTIONS + MOMENTARY_CONNECTIONS;
}

function timeOf({ timezone }: Pick<Config, 'timezone'>): (at: Date) => string {
  return (at) => timeText(at, { now: new Date(), timezone });
}

async function checkAll(context: CheckContext): Promise<Finding[]> {
  const { config, url, database } = context;
  const { findings, isUsable } = await checkDatabase({
    url,
    database,
    timezone: config.timezone,
    timeOf: timeOf(config),
    connections: connectionsOf(config),
    queue: { schema: QUEUE_SCHEMA, version: QUEUE_VERSION },
  });
  const before = isUsable ? await readHolds(database) : null;
  const pauses = isUsable ? await currentPauses(database) : [];
  const api = await checkApi(context, pauses);
  const holds = before === null ? [] : await checkHolds(context, before, api.answered);
  const facts = isUsable
    ? await checkFacts(database, { facts: config.reports.facts, personalData: config.personalData })
    : [];
  return [...findings, ...facts, ...api.findings, ...holds, ...(await checkChannels(config.notify))];
}

async function checkHolds({ config, database }: CheckContext, before: Holds, answered: string[]): Promise<Finding[]> {
  const { host } = new URL(config.api.baseUrl);
  try {
    return await endAnsweredHolds(database, { host, answered, before, timeOf: timeOf(config) });
  } catch (error) {
    return [errorFinding('holds', error)];
  }
}

type ApiCheck = {
  findings: Finding[];
  /** Accounts and partners that the API answered. */
  answered: string[];
};

/** Asks also while a stored hold lasts, because it may be over. */
async function checkApi({ config, dintero, signal }: CheckContext, pauses: readonly Pause[]): Promise<ApiCheck> {
  const answered: string[] = [];
  const lists: MerchantList[] = [];
  const partners: Finding[] = [];
  for (const partner of discoveringPartners(config)) {
    const listMerchants = async () => {
      const list = { ...(await dintero.listMerchants(partner, signal, { ignoreHolds: true })), partner };
      lists.push(list);
      answered.push(partner.id);
      return describeMerchants(list);
    };
    partners.push(await attempt(`partner ${partner.id}`, listMerchants));
  }
  const clocks: number[] = [];
  const accounts = await pLimit(config.concurrency).map(accountsOf(config, lists), async (account) => {
    const found = await attempt(`account ${account.id}`, async () => {
      const { clockAheadMs } = await dintero.checkAccess(account, signal);
      if (clockAheadMs !== null) clocks.push(clockAheadMs);
      answered.push(account.id);
      return 'credentials accepted, list readable';
    });
    const pause = pauses.find(({ accountId }) => accountId === account.id);
    return pause === undefined ? found : ofPaused(found, pause, timeOf(config));
  });
  const [clock] = clocks.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const clockFindings = clock === undefined ? [] : [clockFinding('clock of the API', 'the API', clock)];
  return { findings: [...partners, ...accounts, ...clockFindings], answered };
}

/** A paused account is not read, so a refusal by Dintero is no problem until it is resumed. */
function ofPaused({ check, message }: Finding, pause: Pause, writeTime: (at: Date) => string): Finding {
  const text = pausedText(pause, writeTime);
  return finding(check, 'warning', `${text}\nTo continue: cdd-sync resume ${pause.accountId}\n${message}`);
}

function describeMerchants({ merchants, skipped, complete }: MerchantList): string {
  const active = merchants.filter((merchant) => merchant.active).length;
  return [
    counted(active, 'merchant'),
    ...(active < merchants.length ? [`${merchants.length - active} inactive`] : []),
    ...(skipped > 0 ? [`${skipped} skipped, without a valid account id`] : []),
    ...(complete ? [] : ['the pages repeat themselves, so merchants may be missing: list those under accounts']),
  ].join('; ');
}

async function attempt(check: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return finding(check, 'ok', await work());
  } catch (error) {
    return errorFinding(check, error);
  }
}
