import { type AccountFacts, accountsText, stateOf } from './account-state.ts';
import { count } from './number-text.ts';

/** Whether the data of these accounts are fresh, in one or two sentences. */
export function freshnessText(accounts: readonly AccountFacts[]): string {
  const read = accounts.filter(({ enabled }) => enabled);
  if (read.length === 0) return accounts.length === 1 ? 'The account is no longer read.' : 'No account is read.';
  const paused = read.filter(({ paused_since }) => paused_since !== null).length;
  if (paused === read.length)
    return paused === 1 ? 'The account is paused.' : `All ${accountsText(paused)} are paused.`;
  const late = read.filter(({ is_stale, paused_since }) => is_stale === true && paused_since === null).length;
  if (late > 0) return lateText(late, read.length);
  // Data stay fresh for some minutes after a refusal, but "All accounts are fresh" above it would contradict it.
  const refused = read.filter((account) => stateOf(account) === 'refused').length;
  if (refused > 0) return refusedText(refused, read.length);
  const unread = read.filter((account) => stateOf(account) === 'never_read').length;
  const fresh = read.length - unread - paused;
  const first = unread === 0 ? '' : `${accountsText(unread)} ${unread === 1 ? 'is' : 'are'} read for the first time.`;
  if (fresh === 0) return first;
  const all =
    fresh === read.length && fresh > 1
      ? `All ${accountsText(fresh)} are`
      : `${accountsText(fresh)} ${fresh === 1 ? 'is' : 'are'}`;
  return `${all} fresh. ${first}`.trim();
}

function lateText(late: number, all: number): string {
  if (late === all) return all === 1 ? 'The account is late.' : `All ${accountsText(all)} are late.`;
  return `${count(late)} of ${accountsText(all)} ${late === 1 ? 'is' : 'are'} late.`;
}

function refusedText(refused: number, all: number): string {
  if (refused === all) return all === 1 ? 'Dintero refuses the account.' : `Dintero refuses all ${accountsText(all)}.`;
  return `Dintero refuses ${count(refused)} of ${accountsText(all)}.`;
}

/** How many things need a person. */
export function needsText(needs: number): string {
  if (needs === 0) return 'Nothing needs a person.';
  return needs === 1 ? '1 thing needs a person.' : `${count(needs)} things need a person.`;
}
