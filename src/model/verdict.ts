import { type AccountFacts, type AccountState, accountsText, stateOf } from './account-state.ts';
import { count } from './number-text.ts';

/** `production`: there are accounts for tests beside these, which the verdict does not count. */
type Counted = 'all' | 'production';

/** Whether the data of these accounts are fresh, in one or two sentences. */
export function freshnessText(accounts: readonly AccountFacts[], counted: Counted = 'all'): string {
  const names = namesOf(counted);
  const read = accounts.filter(({ enabled }) => enabled);
  if (read.length === 0) return accounts.length === 1 ? `${names.one} is no longer read.` : `No ${names.word} is read.`;
  const paused = read.filter(({ paused_since }) => paused_since !== null).length;
  if (paused === read.length) return paused === 1 ? `${names.one} is paused.` : `All ${names.some(paused)} are paused.`;
  return problemText(read, names) ?? freshText(read, paused, names);
}

/** Data stay fresh for some minutes after a failure, but "All accounts are fresh" above it would contradict it. */
function problemText(read: readonly AccountFacts[], { one, some }: Names): string | null {
  const late = read.filter(({ is_stale, paused_since }) => is_stale === true && paused_since === null).length;
  const share = (part: number) =>
    part < read.length ? `${count(part)} of ${some(read.length)}` : part === 1 ? one : `All ${some(part)}`;
  if (late > 0) return `${share(late)} ${late === 1 ? 'is' : 'are'} late.`;
  const object = (state: AccountState) => {
    const part = read.filter((account) => stateOf(account) === state).length;
    return part === 0 ? null : share(part).replace(/^[AT]/, (letter) => letter.toLowerCase());
  };
  const [refused, failing] = [object('refused'), object('failing')];
  if (refused !== null) return `Dintero refuses ${refused}.`;
  return failing === null ? null : `The runs of ${failing} fail.`;
}

function freshText(read: readonly AccountFacts[], paused: number, { some }: Names): string {
  const unread = read.filter((account) => stateOf(account) === 'never_read').length;
  const fresh = read.length - unread - paused;
  const first = unread === 0 ? '' : `${some(unread)} ${unread === 1 ? 'is' : 'are'} read for the first time.`;
  if (fresh === 0) return first;
  const isAll = fresh === read.length && fresh > 1;
  return `${isAll ? 'All ' : ''}${some(fresh)} ${fresh === 1 ? 'is' : 'are'} fresh. ${first}`.trim();
}

/** `account`, `The account`, `3 accounts`; or `production account` and so on. */
type Names = { word: string; one: string; some: (accounts: number) => string };

function namesOf(counted: Counted): Names {
  const kind = counted === 'production' ? 'production ' : '';
  return {
    word: `${kind}account`,
    one: `The ${kind}account`,
    some: (accounts) => accountsText(accounts).replace(' ', ` ${kind}`),
  };
}

/** How many things need a person. */
export function needsText(needs: number): string {
  if (needs === 0) return 'Nothing needs a person.';
  return needs === 1 ? '1 thing needs a person.' : `${count(needs)} things need a person.`;
}
