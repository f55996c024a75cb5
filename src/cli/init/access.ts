import packageContent from '../../../package.json' with { type: 'json' };
import { type Config, configFromContent } from '../../config/config.ts';
import { DinteroClient } from '../../dintero/client.ts';
import { counted } from '../../model/counted.ts';
import { type ErrorCode, SyncError } from '../../model/sync-error.ts';
import { clockFinding } from '../../store/check/clock.ts';
import { merchantAccount } from '../../worker/merchant-accounts.ts';
import type { Answers } from './answers.ts';

/** Dintero's reaction to the answers. */
export type Access = {
  isOk: boolean;
  /** For the person: success, or the mistake and its correction. */
  lines: string[];
  /** The answers that should change. */
  remedy: 'again' | 'client' | 'all';
};

/** A person waits for the answer. */
const DEADLINE_MS = 30_000;
const REMEDIES: Partial<Record<ErrorCode, Access['remedy']>> = {
  AUTH: 'client',
  FORBIDDEN: 'client',
  NOT_FOUND: 'all',
};

/** Advice for a worker; here the person tries again. */
const NEXT_RUN = /([.;]) the next run tries again\./i;

type Options = { baseUrl: string | null; signal: AbortSignal; deadlineMs?: number };

/** Gets a token and opens a list, as a run does. @throws a SyncError CANCELLED when the signal aborts. */
export async function tryAccess(answers: Answers, options: Options): Promise<Access> {
  const { baseUrl, signal, deadlineMs = DEADLINE_MS } = options;
  const config = configOf(answers, baseUrl);
  const client = new DinteroClient({ api: config.api, salt: '', version: packageContent.version });
  const deadline = AbortSignal.timeout(deadlineMs);
  const either = AbortSignal.any([signal, deadline]);
  try {
    const lines =
      answers.kind === 'account' ? await tryAccount(config, client, either) : await tryPartner(config, client, either);
    return { isOk: true, lines, remedy: 'again' };
  } catch (error) {
    if (signal.aborted || !(error instanceof SyncError)) throw error;
    if (deadline.aborted) return { isOk: false, lines: [noAnswerText(config, deadlineMs)], remedy: 'again' };
    const { code, message } = error;
    return { isOk: false, lines: [`${code}: ${message.replace(NEXT_RUN, '.')}`], remedy: REMEDIES[code] ?? 'again' };
  } finally {
    client.close();
  }
}

function configOf({ kind, id, clientId, clientSecret }: Answers, baseUrl: string | null): Config {
  const client = { id, clientId, clientSecret };
  const api = baseUrl === null ? {} : { baseUrl };
  const content = kind === 'account' ? { api, accounts: [client] } : { api, partners: [{ ...client, discover: true }] };
  return configFromContent(content, { databaseUrl: null, home: '', logLevel: 'silent' });
}

async function tryAccount({ accounts }: Config, client: DinteroClient, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  for (const account of accounts) {
    const { clockAheadMs } = await client.checkAccess(account, signal);
    lines.push(`${account.id}: Dintero accepts the client, and the list of cases can be read.`);
    const clock = clockFinding('', 'Dintero', clockAheadMs ?? 0);
    if (clock.state !== 'ok') lines.push(`But ${clock.message}.`);
  }
  return lines;
}

/** The list of one merchant too: listing merchants and reading their cases are different rights. */
async function tryPartner(config: Config, client: DinteroClient, signal: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  for (const partner of config.partners) {
    const { merchants } = await client.listMerchants(partner, signal, { ignoreHolds: true });
    const active = merchants.filter((merchant) => merchant.active);
    lines.push(
      `${partner.id}: Dintero accepts the client; the partner has ${counted(active.length, 'active merchant')}.`,
    );
    const [first] = active;
    if (first === undefined) {
      lines.push('Nothing is read until it has one.');
      continue;
    }
    const account = merchantAccount({ id: first.id, label: first.name }, partner, config.schedule);
    lines.push(...(await tryAccount({ ...config, accounts: [account] }, client, signal)));
  }
  return lines;
}

function noAnswerText({ api }: Config, deadlineMs: number): string {
  const { host } = new URL(api.baseUrl);
  return `TIMEOUT: ${host} did not answer within ${deadlineMs / 1000} s. Check that this machine reaches it: DNS, the firewall, and HTTPS_PROXY if there is a proxy.`;
}
