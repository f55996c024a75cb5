// A service of two partners and an account of its own, wired like that of the worker, but for its queue and its timers.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import pino from 'pino';
import { vi } from 'vitest';
import { syncParts } from '../../../src/app.ts';
import { runStatus } from '../../../src/cli/status.ts';
import { describeError } from '../../../src/log.ts';
import type { RunRow } from '../../../src/model/run.ts';
import { sandboxCredentials } from '../../../src/sandbox/accounts.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.ts';
import { mayTry, recordOutcome } from '../../../src/store/accounts/circuit-breaker.ts';
import { isAccountHeld } from '../../../src/store/accounts/rate-limit-holds.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import type { SyncParts } from '../../../src/sync/run.ts';
import { discoverAccounts } from '../../../src/worker/account-discovery.ts';
import { runJob } from '../../../src/worker/job.ts';
import { RunLog } from '../../../src/worker/run-log.ts';
import { neverAborted } from '../list-server.ts';
import { apiSettings, sandboxAccount } from '../sandbox-account.ts';
import { PLAIN } from '../text-table.ts';
import type { Place } from './cells.ts';
import { ClientTimers, TIMEOUT_SECONDS } from './client-timers.ts';
import type { Tries } from './expected.ts';
import { RULES, type Rule } from './faults.ts';

export const PARTNER = 'P11200000';
export const SUBJECT = 'P11200001';
export const SIBLING = 'P11200002';
export const OTHER_PARTNER = 'P11300000';
export const OTHER_MERCHANT = 'P11300001';
export const OWN = 'T12345678';
export const RUNS = [SUBJECT, SIBLING, OTHER_MERCHANT, OWN] as const;
const CASES = 3;

export type Line = { level: number; account?: string; partner?: string; code?: string; msg: string };
export type Job = { row: RunRow | null; tries: Tries; isTriedAgain: boolean; waitedMs: number };

/** Changes the parts, to put in a mistake on purpose. */
export type Mistake = { parts?: ((parts: SyncParts) => SyncParts) | undefined; line?: (line: Line) => Line[] };

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The sandbox that all cells use, and the timers of its clients. */
export async function openWorld({ url, database }: { url: string; database: Database }) {
  const ids = [PARTNER, OTHER_PARTNER, ...RUNS];
  const sandbox = await startSandbox({
    accounts: ids.map((id) => ({ id, name: id })),
    casesPerAccount: CASES,
    tokenSeconds: 1e7,
    now: () => 0,
  });
  const timers = new ClientTimers();
  const take = sandbox.faults.take.bind(sandbox.faults);
  vi.spyOn(sandbox.faults, 'take').mockImplementation((...request) => {
    const fault = take(...request);
    const rule: Rule | undefined = Object.values<Rule>(RULES).find((each) => each.fault === fault);
    timers.expect(rule?.waits ?? null);
    return fault;
  });
  return {
    ...{ url, database, sandbox },
    async [Symbol.asyncDispose]() {
      timers.restore();
      await sandbox.close();
    },
  };
}

export type Service = ReturnType<typeof startService>;

/** A service without tokens and without a memory of what it has logged. */
export function startService({ url, database, sandbox }: World, mistake: Mistake = {}) {
  const lines: Line[] = [];
  const write = (text: string) => lines.push(...(mistake.line ?? ((line: Line) => [line]))(JSON.parse(text)));
  const log = pino({ level: 'trace', base: null, serializers: { err: describeError } }, { write });
  const { host } = new URL(sandbox.url);
  const clock = jumpingClock(database);
  const api = apiSettings(sandbox.url, { timeoutSeconds: TIMEOUT_SECONDS });
  const settings = { api, concurrency: 4, personalData: 'keep', missingGuard: { ratio: 0.2, atLeast: 1 } } as const;
  const { dintero, ...parts } = syncParts(settings, { database, clock, log });
  const runLog = new RunLog({ log, apiHost: host, accountCount: () => RUNS.length, isDatabaseAway: () => false });
  const told = new Map<string, string>();
  let turn: Promise<unknown> = Promise.resolve();
  /** The requests since the last call. The sandbox keeps 10,000, fewer than all cells send. */
  const newTries = () => triesIn(sandbox.requests.splice(0).map(({ path }) => path));

  async function discover() {
    const tries: Record<string, Tries> = {};
    // One partner after the other: see ClientTimers.
    const listMerchants: typeof dintero.listMerchants = (partner, signal) => {
      const listed = turn.then(async () => {
        newTries();
        return dintero.listMerchants(partner, signal).finally(() => {
          tries[partner.id] = newTries();
        });
      });
      // Its caller gets the error; the next partner's list must not.
      turn = listed.catch(() => {});
      return listed;
    };
    const config = {
      accounts: [sandboxAccount(OWN)],
      partners: [OTHER_PARTNER, PARTNER].map((id) => ({
        id,
        discover: true,
        audience: 'partner' as const,
        ...sandboxCredentials(id),
      })),
      ...{ schedule: '* * * * *', timezone: 'UTC' },
    };
    const { accounts } = await discoverAccounts({
      config,
      dintero: { listMerchants },
      database,
      log,
      signal: neverAborted,
      told,
    });
    return { accounts, tries };
  }

  async function job(accounts: Awaited<ReturnType<typeof discover>>['accounts'], accountId: string): Promise<Job> {
    newTries();
    const before = clock.now();
    let row: RunRow | null = null;
    const isTriedAgain = await runJob({ accountId, trigger: 'schedule' }, neverAborted, {
      accounts: { find: async (id) => accounts.find((account) => account.id === id) },
      parts: mistake.parts?.(parts) ?? parts,
      mayTry: async (id) => (await mayTry(database, id)) && !(await isAccountHeld(database, { host, accountId: id })),
      onRun: async (closed) => {
        row = closed;
        await recordOutcome(database, closed);
      },
      onJobEnd: () => {},
      log,
      runLog,
    }).then(
      () => false,
      () => true,
    );
    return { row, tries: newTries(), isTriedAgain, waitedMs: clock.now() - before };
  }

  return {
    discover,
    /** One round of the service: discovery, and a run of each account. Before it, a case of each account changes. */
    async round() {
      for (const account of RUNS) sandbox.world.changeFields({ account }, { package: `version ${randomUUID()}` });
      const from = lines.length;
      const { accounts, tries } = await discover();
      const jobs = new Map<string, Job>();
      for (const id of RUNS) jobs.set(id, await job(accounts, id));
      return { discoveries: tries, jobs, lines: lines.slice(from), wrongData: await wrongData(database, sandbox) };
    },
    /** Lets time pass, in which holds end. */
    pass: (seconds: number) => clock.sleep(seconds * 1000),
    async status(): Promise<string> {
      const printed: string[] = [];
      const output = {
        log: pino({ level: 'silent' }),
        print: (text: string) => void printed.push(text),
        style: () => ({ ...PLAIN, width: 1_000 }),
        terminal: null,
        signal: neverAborted,
      };
      await runStatus({ databaseUrl: url, home: '', logLevel: 'silent' }, {}, output);
      return printed.join('\n');
    },
    close: () => dintero.close(),
  };
}

/** Jumps over waits, and lets the holds in the database end too. */
function jumpingClock(database: Database) {
  let time = Date.now();
  return {
    now: () => time,
    random: () => 0.5,
    async sleep(ms: number) {
      await database.$executeRaw`update cdd.api_holds set open_at = open_at - ${ms} * interval '1 millisecond'`;
      await database.$executeRaw`update cdd.account_holds set open_at = open_at - ${ms} * interval '1 millisecond'`;
      time += ms;
    },
  };
}

/** The accounts with current documents that differ from the sandbox's list. */
async function wrongData(database: Database, { world }: Sandbox): Promise<string[]> {
  const rows = await database.$queryRaw<{ account_id: string; id: string; document: unknown }[]>`
    select account_id, id::text, cdd.case_document(account_id, id, 'infinity') as document
    from cdd.cases
    where missing_since is null
    order by id`;
  return RUNS.filter((account) => {
    const stored = rows.filter((row) => row.account_id === account).map(({ document }) => document);
    const listed = world.documents(account).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
    return !isDeepStrictEqual(stored, listed);
  });
}

function triesIn(paths: string[]): Tries {
  const tries: Tries = {};
  for (const path of paths) {
    const place = placeOf(path);
    tries[place] = (tries[place] ?? 0) + 1;
  }
  return tries;
}

function placeOf(path: string): Place {
  if (path.endsWith('/exchange_token')) return 'exchange';
  if (path.endsWith('/management/accounts')) return 'merchants';
  if (path.endsWith('/cases')) return 'cases';
  return path.includes('00000/') ? 'partnerToken' : 'token';
}
