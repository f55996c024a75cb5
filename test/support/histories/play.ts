// Plays a history: makes its changes, does its runs, and checks after each run everything that must be true then.
import type pg from 'pg';
import { chainViolations } from '../ledger/chain-violations.ts';
import { type Candidate, candidatesOf, type KnownList } from './candidates.ts';
import { compare, type Facts, type Known, knownDifferences, stateDifferences } from './claims.ts';
import type { StoredAccount } from './expected-run.ts';
import { type AccountLetter, isRun, type Run, type Step, usualRun } from './history.ts';
import { accountOf, type Item, itemsFor, type Lists, makeChange } from './lists.ts';
import { type Reported, reportDifferences } from './reports.ts';
import { readDocuments, readStoredRows, type StoredRows } from './stored-rows.ts';
import { ACCOUNT_IDS, type Worker } from './worker.ts';
import { historyDifferences, needlessWrites, touchedCases, uncountedTransitions } from './writes.ts';

/** The sandbox's list of an account, and how often it was replaced. */
type Served = { text: string; times: number };

type State = {
  client: pg.Client;
  worker: Worker;
  lists: Lists;
  served: Map<AccountLetter, Served>;
  knownLists: Map<AccountLetter, KnownList | null>;
  facts: Facts;
  known: Known[];
  reported: Reported;
  rows: StoredRows;
};

/** The violations after the first run that has any, and that run's place in the history; null if all is well. */
export type Failure = { step: number; differences: string[] };

/** Plays a history on empty tables. At its end, its accounts are read without faults. */
export async function playHistory(
  history: readonly Step[],
  { client, worker }: Pick<State, 'client' | 'worker'>,
): Promise<Failure | null> {
  const empty = (): StoredAccount => ({ cases: new Map(), rejected: new Map() });
  const state: State = {
    client,
    worker,
    lists: new Map(),
    served: new Map(),
    knownLists: new Map(),
    facts: new Map(Object.values(ACCOUNT_IDS).map((id) => [id, empty()])),
    known: [],
    reported: { snapshots: [], answers: [] },
    rows: await readStoredRows(client),
  };
  const letters = new Set(history.map(letterOf));
  const steps = [...history, ...[...letters].map(usualRun)];
  for (const [index, step] of steps.entries()) {
    if (!isRun(step)) makeChange(state.lists, step);
    const differences = isRun(step) ? await syncAndCheck(state, step) : [];
    if (differences.length > 0) return { step: index, differences };
  }
  return null;
}

function letterOf(step: Step): AccountLetter {
  if (isRun(step)) return step.sync;
  return step.change === 'list all' ? step.account : accountOf(step.case);
}

async function syncAndCheck(state: State, run: Run): Promise<string[]> {
  const items = itemsFor(state.lists, run);
  const text = `[${items.map((item) => item.text).join(',')}]`;
  const times = serve(state, run.sync, text);
  await state.worker.sync(run, Buffer.byteLength(text));
  const request = JSON.stringify([run.filter, run.contracts, run.personalData, times]);
  return check(state, { run, items, request });
}

/** Serves a list; returns how often the account's list was replaced. */
function serve({ served, worker }: State, account: AccountLetter, text: string): number {
  const before = served.get(account);
  if (before?.text === text) return before.times;
  worker.serve(account, text);
  const times = (before?.times ?? 0) + 1;
  served.set(account, { text, times });
  return times;
}

/** Checks the tables after a run, and keeps what is known now for the checks to come. */
async function check(
  state: State,
  { run, items, request }: { run: Run; items: Item[]; request: string },
): Promise<string[]> {
  const { client, rows: before } = state;
  const rows = await readStoredRows(client);
  const accountId = ACCOUNT_IDS[run.sync];
  const account = state.facts.get(accountId);
  if (account === undefined) return [`no account ${accountId}`];
  const knownList = state.knownLists.get(run.sync) ?? null;
  const candidates = candidatesOf(account, { run, items, request, knownList });
  const documents = await readDocuments(client, [...state.known.map(({ at }) => at), rows.now]);
  const { candidate, known, differences } = bestOf(state, { candidates, rows, accountId, documents });
  state.facts = known.facts;
  state.known.push(known);
  state.knownLists.set(run.sync, candidate.knownList);
  state.rows = rows;
  const found = [
    ...differences,
    ...uncountedTransitions(before, rows, accountId),
    ...historyDifferences(before, rows),
    ...needlessWrites(before, rows),
    ...(await chainViolations(client)),
    ...state.known.slice(0, -1).flatMap((earlier) => knownDifferences(earlier, { rows, documents })),
  ];
  // A difference of the tables makes the reports differ too; the cause alone is easier to read.
  if (found.length > 0) return found;
  const isBehind = rows.runs.some((row) => row.state === 'running' || row.state === 'abandoned');
  return reportDifferences(client, { reported: state.reported, facts: state.facts, rows, isBehind });
}

type Evidence = {
  candidates: Candidate[];
  rows: StoredRows;
  accountId: string;
  documents: ReadonlyMap<string, unknown>;
};

/** The candidate with the fewest differences from the tables: none, if all is well. */
function bestOf(state: State, { candidates, rows, accountId, documents }: Evidence) {
  const judged = candidates.map((candidate) => {
    const facts = new Map(state.facts).set(accountId, candidate.run.account);
    const known = { at: rows.now, facts };
    const row = rows.runs.find(({ account_id }) => account_id === accountId);
    const differences: string[] = [];
    const columns = Object.keys(candidate.columns).map((column) => [column, row?.[column]]);
    compare(differences, `run of ${accountId}`, candidate.columns, Object.fromEntries(columns));
    differences.push(
      ...knownDifferences(known, { rows, documents }),
      ...stateDifferences(rows, facts),
      ...touchedCases(state.rows, rows, { accountId, run: candidate.run }),
    );
    return { candidate, known, differences };
  });
  const [best] = judged.toSorted((one, other) => one.differences.length - other.differences.length);
  if (best === undefined) throw new Error('a run has at least one end');
  return best;
}
