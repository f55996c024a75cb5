// A past of some accounts, made with a sandbox and real runs, and what the reference needs to know of it.
import { type Random, seeded } from '../../../src/sandbox/random.ts';
import { keepAccounts } from '../../../src/store/accounts/accounts.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { noteSchedules } from '../../../src/store/reports/settings.ts';
import { createRig, type Rig, sandboxAccount } from '../rig.ts';
import { backdate, clockOf } from './backdating.ts';
import { keyOf, missingSinceBy } from './facts.ts';
import { comeAndGo, stir, tellTimes } from './moving.ts';
import { itemsOfAllAges, oddItems, timelessItems, unreadableItem } from './odd-items.ts';
import type { Chapter, Past, ReportedAccount } from './past.ts';
import { reading } from './reading.ts';
import { HOUR, type Instant } from './reference/instant.ts';
import { type ToldCase, toldCase } from './reference/told.ts';

/** The partner's list has cases that are in its merchant's too. */
const ACCOUNTS: readonly ReportedAccount[] = [
  { id: 'P11200000', label: 'Nordic Platform', intervalSeconds: 300 },
  { id: 'P11200001', label: null, intervalSeconds: 3600 },
  { id: 'T12345678', label: 'Acme', intervalSeconds: 60 },
];

/** Whose list gets an item that cannot be read, and which runs fail at times. */
const PARTIAL = 'P11200001';
const FAILING = 'T12345678';
const UNREADABLE_FROM = 3;

type Settings = { seed: number; steps: number; cases: number; acts: number; backdated: boolean };

const START = '2026-10-10T06:00:00Z';
/** Over the day that has 25 hours in Oslo, and the one in St John's. */
const HOURS = 900;
/** A step's runs take less. */
const PAUSE = HOUR;

type Making = {
  url: string;
  rig: Rig;
  random: Random;
  settings: Settings;
  /** What was taken out of each account's list. */
  gone: Map<string, string[]>;
  told: Map<string, ToldCase>;
  /** Keys by account. */
  listed: Map<string, string[]>;
};

/**
 * Lets the sandbox live for some weeks, in which much happens that it would not do by itself, and syncs after each
 * step. Backdated, the runs were made when the sandbox's clock said so; all but the last.
 */
export async function makePast(
  { url, database }: { url: string; database: Database },
  { afterStep = async () => {}, ...settings }: Settings & { afterStep?: (past: Past) => Promise<void> },
): Promise<Past> {
  const rig = await createRig(database, {
    sandbox: {
      seed: settings.seed,
      start: START,
      casesPerAccount: settings.cases,
      accounts: ACCOUNTS.map(({ id, label }) => ({ id, name: label ?? id })),
    },
    missingGuard: { ratio: 0.5, atLeast: 10 },
  });
  const gone = new Map(ACCOUNTS.map(({ id }) => [id, []]));
  const making = { url, rig, random: seeded(settings.seed), settings, gone, told: new Map(), listed: new Map() };
  const chapters: Chapter[] = [];
  const take = async (step: number): Promise<Past> => {
    const last = await makeChapter(making, step);
    await keepReported(database, ACCOUNTS);
    chapters.push(last);
    const unreadable = step < UNREADABLE_FROM ? [] : [PARTIAL];
    const past = { accounts: ACCOUNTS, chapters: [...chapters], last, unreadable, rig };
    await afterStep(past);
    return past;
  };
  let past = await take(0);
  for (let step = 1; step < settings.steps; step += 1) past = await take(step);
  return past;
}

async function makeChapter(making: Making, step: number): Promise<Chapter> {
  const { url, rig, settings, told, listed } = making;
  if (step > 0) rig.sandbox.world.advance({ hours: HOURS / (settings.steps - 1) });
  const since = await clockOf(url);
  for (const account of ACCOUNTS) {
    live(making, { account: account.id, step, since });
    await read(making, account, step);
  }
  const isBackdated = settings.backdated && step < settings.steps - 1;
  const then = Date.parse(rig.sandbox.world.now()) * 1000;
  if (isBackdated) await backdate(url, since, then);
  const knownAt = isBackdated ? then + PAUSE : await clockOf(url);
  const missingSince = await reading(url, missingSinceBy);
  return { knownAt, told: new Map(told), listed: new Set([...listed.values()].flat()), missingSince };
}

/** `since` is when it begins by the database's clock. */
type Step = { account: string; step: number; since: Instant };

/** What happens in an account before its list is read. */
function live({ rig, random, settings, gone }: Making, { account, step, since }: Step): void {
  const { world } = rig.sandbox;
  if (settings.backdated) tellTimes(world, account);
  if (step === 0) return;
  for (const item of addedItems(settings, { account, step, since })) world.appendItem(account, item);
  if (step === UNREADABLE_FROM && account === PARTIAL) world.appendItem(account, unreadableItem(account).text);
  stir(world, { account, random, acts: settings.acts });
  comeAndGo(world, { account, random, gone: gone.get(account) ?? [] });
  if (settings.backdated) tellTimes(world, account);
}

function addedItems(settings: Settings, { account, step, since }: Step): string[] {
  if (step === 1) return [...oddItems(account), ...(settings.backdated ? [] : timelessItems(account))];
  return step === settings.steps - 1 ? itemsOfAllAges(account, since) : [];
}

async function read({ rig, told, listed, settings }: Making, account: ReportedAccount, step: number): Promise<void> {
  const { sandbox } = rig;
  const isToFail = account.id === FAILING && (step === 1 || step >= settings.steps - 2);
  const fault = { kind: 'status', status: 500 } as const;
  if (isToFail) sandbox.faults.add({ endpoint: 'list', account: account.id, times: 5, fault });
  const { state } = await rig.sync({ account: sandboxAccount(account.id, { label: account.label }) });
  const expected = isToFail ? 'failed' : account.id === PARTIAL && step >= UNREADABLE_FROM ? 'partial' : 'succeeded';
  if (state !== expected) throw new Error(`the run of ${account.id} in step ${step} is ${state}, not ${expected}`);
  if (isToFail) return;
  const documents = sandbox.world.documents(account.id).filter(({ id }) => id !== unreadableItem(account.id).id);
  const cases = documents.map((document) => toldCase(account.id, document));
  for (const one of cases) told.set(keyOf(one), one);
  listed.set(account.id, cases.map(keyOf));
}

/** A run keeps its own account only. */
export async function keepReported(database: Database, accounts: readonly ReportedAccount[]): Promise<void> {
  await keepAccounts(
    database,
    accounts.map(({ id, label }) => sandboxAccount(id, { label })),
  );
  const schedules = accounts.map(({ id, intervalSeconds }) => ({ accountId: id, seconds: intervalSeconds }));
  await noteSchedules(database, schedules);
}
