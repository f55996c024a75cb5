import { expect, test } from 'vitest';
import { selectAccounts } from '../../../src/cli/sync/accounts.ts';
import { sandboxAccount } from '../../support/sandbox-account.ts';

const accounts = Array.from({ length: 1002 }, (_, index) =>
  sandboxAccount(`P1${String(index * 1000).padStart(7, '0')}`),
);

test('an unknown account is answered with the nearest id and ten of the others, however many there are', () => {
  const [first] = accounts;
  expect(() => selectAccounts(accounts, ['P1000000'])).toThrow(
    `There is no account P1000000; did you mean ${first?.id}?`,
  );
  expect(() => selectAccounts(accounts, ['T\u001b[31m'])).toThrow(
    /^There is no account T\\u001b\[31m\. There are: (P\d{8}, ){9}P\d{8} and 992 more\. These/,
  );
  expect(() => selectAccounts([], ['P10000000'])).toThrow('There is no account P10000000. There are none yet.');
});
