import { expect, test } from 'vitest';
import { type AccountFacts, needOf, stateOf } from '../../src/model/account-state.ts';
import { freshnessText } from '../../src/model/verdict.ts';

const fresh: AccountFacts = {
  enabled: true,
  paused_since: null,
  last_success_at: new Date(),
  is_stale: false,
  last_error_code: null,
  failures: 0,
  failure_code: null,
};
const failing = { ...fresh, last_error_code: 'NETWORK', failures: 3, failure_code: 'NETWORK' };
const refused = { ...fresh, last_error_code: 'AUTH', failures: 1, failure_code: 'AUTH' };
const late = { ...failing, is_stale: true };
const paused = { ...fresh, paused_since: new Date() };
const unread = { ...fresh, last_success_at: null };

test.each([
  [[fresh], '1 account is fresh.'],
  [[fresh, fresh], 'All 2 accounts are fresh.'],
  [[fresh, paused], '1 account is fresh.'],
  [[fresh, unread], '1 account is fresh. 1 account is read for the first time.'],
  [[fresh, failing], 'The runs of 1 of 2 accounts fail.'],
  [[failing, failing], 'The runs of all 2 accounts fail.'],
  [[fresh, refused, failing], 'Dintero refuses 1 of 3 accounts.'],
  [[refused], 'Dintero refuses the account.'],
  [[late, refused], '1 of 2 accounts is late.'],
  [[late], 'The account is late.'],
  [[paused], 'The account is paused.'],
  [[{ ...fresh, enabled: false }], 'The account is no longer read.'],
])('a verdict names the worst state of the accounts: %#', (accounts, words) => {
  expect(freshnessText(accounts)).toBe(words);
});

test('a verdict that leaves test accounts out says so', () => {
  expect(freshnessText([fresh, fresh, fresh], 'production')).toBe('All 3 production accounts are fresh.');
  expect(freshnessText([late, fresh], 'production')).toBe('1 of 2 production accounts is late.');
  expect(freshnessText([refused], 'production')).toBe('Dintero refuses the production account.');
});

test('an account needs a person from its third failure on, also while the next run is under way', () => {
  expect(stateOf({ ...failing, failures: 2 })).toBe('ok');
  const running = { ...failing, last_error_code: null };
  expect(stateOf(running)).toBe('failing');
  expect(needOf(stateOf(running))).toBe('act');
  expect(stateOf({ ...refused, last_error_code: null })).toBe('refused');
});
