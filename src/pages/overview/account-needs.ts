import { type ProblemGroup, problemGroups } from '../../model/account-problems.ts';
import {
  accountsText,
  adviceOf,
  errorOf,
  type NamedAccount,
  needOf,
  remedyFor,
  STATE_NAMES,
  stateOf,
} from '../../model/account-state.ts';
import { casesText, duration } from '../../model/number-text.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { accountText } from '../html/filters.ts';
import { html } from '../html/html.ts';
import { accountAddress, address, link } from '../html/link.ts';
import type { Need } from './attention.ts';
import { type LastRun, readLastRuns } from './last-runs.ts';

/** Up to this number, accounts with held-back cases have a line each, because a person must judge each by itself. */
const MOST_HELD_BACK = 5;

/** The problems of accounts, one line a reason: a thousand late accounts mostly have one cause. */
export async function readAccountNeeds(
  tx: Transaction,
  accounts: readonly NamedAccount[],
  workers: number | null,
): Promise<Need[]> {
  const groups = problemGroups(accounts).flatMap(apartIfHeldBack);
  const shown = groups.map(({ accounts: members }) => worstOf(members).account_id);
  const runs = new Map((await readLastRuns(tx, shown)).map((run) => [run.account_id, run]));
  return groups.map((group) => groupNeed(group, { run: runs.get(worstOf(group.accounts).account_id), workers }));
}

/** The problems of test accounts beside production ones, in one line. */
export function testAccountNeeds(accounts: readonly NamedAccount[], workers: number | null): Need[] {
  const wrong = problemGroups(accounts).flatMap(({ accounts: members }) => members);
  const [first] = wrong;
  if (first === undefined) return [];
  if (wrong.length > 1) {
    const words = `${accountsText(wrong.length)} for tests are late, refused, failing, held back or paused.`;
    return [{ kind: 'look', words, links: [link('/accounts', 'Accounts')] }];
  }
  const state = stateOf(first);
  const advice = adviceOf(state, errorOf(first), workers);
  const cause = advice === null || state === 'paused' ? '' : `: ${advice.cause}`;
  const words = `Test account ${accountName(first)} is ${STATE_NAMES[state]}${cause}.`;
  const more = remedyFor(advice?.remedy ?? '', wrong);
  return [{ kind: 'look', words, more, links: [link(accountAddress(first.account_id), 'Account')] }];
}

function apartIfHeldBack(group: ProblemGroup<NamedAccount>): ProblemGroup<NamedAccount>[] {
  if (group.state !== 'held_back' || group.accounts.length > MOST_HELD_BACK) return [group];
  return group.accounts.map((account) => ({ ...group, accounts: [account] }));
}

type Known = { run: LastRun | undefined; workers: number | null };

function groupNeed(group: ProblemGroup<NamedAccount>, { run, workers }: Known): Need {
  const { state, code, accounts } = group;
  const worst = worstOf(accounts);
  const kind = needOf(state) ?? 'look';
  const links = linksOf(group, run);
  if (state === 'paused')
    return {
      kind,
      words: pausedWords(accounts),
      more: remedyFor(adviceOf(state, null)?.remedy ?? '', accounts),
      links,
    };
  const isAlone = accounts.length === 1;
  if (code === 'MASS_DISAPPEARANCE' && isAlone && run !== undefined) return heldBackNeed(worst, run, links);
  const advice = adviceOf(state, code, workers);
  const late = worst.is_stale === true && worst.late_by !== null ? `late by ${duration(worst.late_by / 60)}` : '';
  const name = `${STATE_NAMES[state]}${advice === null ? '' : `: ${advice.cause}`}${code === null ? '' : ` (${code})`}`;
  const longest = late === '' ? '' : ` The longest: ${accountName(worst)}, ${late}.`;
  const words = isAlone
    ? `${accountName(worst)} is ${name}${late === '' ? '' : `, ${late}`}.`
    : `${accountsText(accounts.length)} are ${name}.${longest}`;
  return { kind, words, more: html`${remedyFor(advice?.remedy ?? '', accounts)}${messageOf(run, isAlone)}`, links };
}

/** The message of the last run: it has the cause at length. */
function messageOf(run: LastRun | undefined, isAlone: boolean): string {
  const message = run?.error_message ?? null;
  return message === null ? '' : ` ${isAlone ? 'It said:' : 'For example:'} ${message}`;
}

function pausedWords(accounts: readonly NamedAccount[]): string {
  const [first] = accounts;
  if (first === undefined || accounts.length > 1) return `${accountsText(accounts.length)} are paused.`;
  return `${accountName(first)} is paused: ${first.pause_reason ?? 'no reason was given'}.`;
}

function heldBackNeed(account: NamedAccount, run: LastRun, links: Need['links']): Need {
  const { missing_held_back: cases } = run;
  return {
    kind: 'act',
    words: html`${accountName(account)}: ${casesText(cases)} left the list at once; none was marked missing.`,
    more: html`Look at the account at Dintero. If they are really gone, accept it: <code>cdd-sync sync --account ${account.account_id} --accept-missing</code>`,
    links,
  };
}

function linksOf({ state, code, accounts }: ProblemGroup<NamedAccount>, run: LastRun | undefined): Need['links'] {
  if (accounts.length > 1) {
    const error = state === 'paused' ? null : (code ?? 'none');
    return [link(address('/accounts', { state, error }), `All ${accountsText(accounts.length)}`)];
  }
  const { account_id: id } = worstOf(accounts);
  const runs = run === undefined ? [] : [link(`${accountAddress(id)}/runs/${run.run_id}`, 'Last run')];
  return [link(accountAddress(id), 'Account'), ...runs];
}

function worstOf(accounts: readonly NamedAccount[]): NamedAccount {
  return accounts.reduce((worst, account) => ((account.late_by ?? 0) > (worst.late_by ?? 0) ? account : worst));
}

function accountName({ account_id: id, account_label: label }: NamedAccount): string {
  return accountText({ id, label });
}
