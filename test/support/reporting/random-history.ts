// The history of three accounts with random changes, made with a sandbox and real runs.
import { type Random, seeded } from '../../../src/sandbox/random.ts';
import { dueTimesAfter, dueTimesAfterChange } from '../../../src/schedule/staleness.ts';
import { saveAccounts } from '../../../src/store/accounts/accounts.ts';
import { saveSchedules } from '../../../src/store/accounts/schedules.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import {
  boundaryItems,
  itemsOfEveryAge,
  timelessItems,
  unreadableItem,
} from '../../fixtures/reporting/boundary-items.ts';
import { type CaseDocument, readCaseDocument } from '../reference/case-document.ts';
import { HOUR, type Instant } from '../reference/instant.ts';
import { createRig, type Rig } from '../rig.ts';
import { sandboxAccount } from '../sandbox-account.ts';
import { backdate, databaseClock } from './backdate.ts';
import { caseKey, readMissingSince } from './database-facts.ts';
import { addMissingTimes, hideAndRestoreCases, makeRandomChanges } from './random-changes.ts';
import { createReader, type Reader } from './read-transaction.ts';
import type { ReportedAccount, Snapshot, SyncHistory } from './sync-history.ts';

/** The time zone of the accounts' schedules. */
export const TIMEZONE = 'Europe/Oslo';

/** The partner's list (the first) also has cases of its merchant (the second). */
const ACCOUNTS: readonly ReportedAccount[] = [
  { id: 'P11200000', label: 'Nordic Platform', schedule: '*/5 8-15 * * 1-5' },
  { id: 'P11200001', label: null, schedule: '0 * * * *' },
  { id: 'T12345678', label: 'Acme', schedule: '* * * * *' },
];

/** From this step on the account's list has an item that cannot be read. */
const UNREADABLE_FROM = 3;
const PARTIAL = 'P11200001';
/** Some runs of this account fail. */
const FAILING = 'T12345678';

/** `cases` and `changes` are per account, `changes` also per step. */
type Settings = {
  seed: number;
  steps: number;
  cases: number;
  changes: number;
  backdated: boolean;
  /** Some changes set placeholders, and times in the future. */
  oddTimes?: boolean;
};

const START = '2026-10-10T06:00:00Z';
/** Long enough to cover the days of 25 hours in Oslo and in St John's. */
const HOURS = 900;
/** Longer than the runs of a step. */
const PAUSE = HOUR;

/** State of the history that is being made. */
type State = {
  url: string;
  rig: Rig;
  reader: Reader;
  random: Random;
  settings: Settings;
  /** Cases taken out of each account's list. */
  hidden: Map<string, string[]>;
  /** The newest document of each case. */
  documents: Map<string, CaseDocument>;
};

/**
 * Advances the sandbox by some weeks in steps, with changes that it would not make by itself, and syncs all accounts
 * after each step. With `backdated`, all runs but those of the last step get the times of the sandbox's clock.
 */
export async function makeRandomHistory(
  { url, database }: { url: string; database: Database },
  { afterStep = async () => {}, ...settings }: Settings & { afterStep?: (synced: SyncHistory) => Promise<void> },
): Promise<SyncHistory> {
  const rig = await createRig(database, {
    sandbox: {
      seed: settings.seed,
      start: START,
      casesPerAccount: settings.cases,
      accounts: ACCOUNTS.map(({ id, label }) => ({ id, name: label ?? id })),
    },
    missingGuard: { ratio: 0.5, atLeast: 10 },
  });
  const reader = createReader(url);
  rig.onClose(reader.close);
  const hidden = new Map(ACCOUNTS.map(({ id }) => [id, []]));
  const state = { url, rig, reader, random: seeded(settings.seed), settings, hidden, documents: new Map() };
  const snapshots: Snapshot[] = [];
  const take = async (step: number): Promise<SyncHistory> => {
    const last = await takeSnapshot(state, step);
    await enableAccounts(database, ACCOUNTS);
    snapshots.push(last);
    const unreadable = step < UNREADABLE_FROM ? [] : [PARTIAL];
    const synced = { accounts: ACCOUNTS, snapshots: [...snapshots], last, unreadable, rig, reader };
    await afterStep(synced);
    return synced;
  };
  let synced = await take(0);
  for (let step = 1; step < settings.steps; step += 1) synced = await take(step);
  return synced;
}

async function takeSnapshot(state: State, step: number): Promise<Snapshot> {
  const { url, rig, reader, settings, documents } = state;
  if (step > 0) rig.sandbox.world.advance({ hours: HOURS / (settings.steps - 1) });
  const since = await databaseClock(url);
  for (const account of ACCOUNTS) {
    changeAccount(state, { account: account.id, step, since });
    await syncAccount(state, account, step);
  }
  const isBackdated = settings.backdated && step < settings.steps - 1;
  const then = Date.parse(rig.sandbox.world.now()) * 1000;
  if (isBackdated) await backdate(url, since, then);
  const knownAt = isBackdated ? then + PAUSE : await databaseClock(url);
  const missingSince = await reader.read(readMissingSince);
  return { knownAt, documents: new Map(documents), missingSince };
}

/** `since`: the start of the step by the database's clock. */
type Step = { account: string; step: number; since: Instant };

/** Makes the changes of a step in an account. */
function changeAccount({ rig, random, settings, hidden }: State, { account, step, since }: Step): void {
  const { world } = rig.sandbox;
  if (settings.backdated) addMissingTimes(world, account);
  if (step === 0) return;
  for (const item of addedItems(settings, { account, step, since })) world.appendItem(account, item);
  if (step === UNREADABLE_FROM && account === PARTIAL) world.appendItem(account, unreadableItem(account).text);
  makeRandomChanges(world, { account, random, count: settings.changes, oddTimes: settings.oddTimes ?? false });
  hideAndRestoreCases(world, { account, random, hidden: hidden.get(account) ?? [] });
  if (settings.backdated) addMissingTimes(world, account);
}

function addedItems(settings: Settings, { account, step, since }: Step): string[] {
  if (step === 1) return [...boundaryItems(account), ...(settings.backdated ? [] : timelessItems(account))];
  return step === settings.steps - 1 ? itemsOfEveryAge(account, since) : [];
}

/** Syncs an account, and keeps the documents that the run read. */
async function syncAccount({ rig, documents, settings }: State, account: ReportedAccount, step: number): Promise<void> {
  const { sandbox } = rig;
  const isToFail = account.id === FAILING && (step === 1 || step >= settings.steps - 2);
  const fault = { kind: 'status', status: 500 } as const;
  if (isToFail) sandbox.faults.add({ endpoint: 'list', account: account.id, times: 5, fault });
  const { state } = await rig.sync({ account: sandboxAccount(account.id, { label: account.label }) });
  const expected = isToFail ? 'failed' : account.id === PARTIAL && step >= UNREADABLE_FROM ? 'partial' : 'succeeded';
  if (state !== expected) throw new Error(`the run of ${account.id} in step ${step} is ${state}, not ${expected}`);
  if (isToFail) return;
  const readable = sandbox.world.documents(account.id).filter(({ id }) => id !== unreadableItem(account.id).id);
  for (const one of readable.map((item) => readCaseDocument(account.id, item))) documents.set(caseKey(one), one);
}

/** Enables the accounts again, because a run enables its own account only. */
export async function enableAccounts(database: Database, accounts: readonly ReportedAccount[]): Promise<void> {
  await saveAccounts(
    database,
    accounts.map(({ id, label }) => sandboxAccount(id, { label })),
  );
  // Taken for schedules that were never saved, the due times follow from the last success, even if it was backdated.
  await database.$executeRaw`update cdd.accounts set schedule = null, schedule_timezone = null`;
  await saveSchedules(database, accounts, TIMEZONE, { dueTimesAfter, dueTimesAfterChange });
}
