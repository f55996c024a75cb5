import { reducedLines } from '../../../src/cli/reduce/text.ts';
import type { ReducedAccount } from '../../../src/store/ledger/reduce/reduce-account.ts';
import { testSnapshots } from '../../support/terminal-snapshots.ts';

const accounts: ReducedAccount[] = [
  { accountId: 'P12345678', cases: 1_203, reduced: 1_200, held: 1, items: 2 },
  { accountId: 'T12345678', cases: 1, reduced: 1, held: 0, items: 0 },
];
const done = accounts.map((one) => ({ ...one, reduced: 0, items: 0 }));

testSnapshots('reduce', {
  ids: [],
  lines: (style) => {
    const shown = { personalData: 'minimal', style };
    return [
      reducedLines([], { ...shown, isDryRun: false }),
      reducedLines(accounts, { ...shown, isDryRun: true }),
      reducedLines(accounts, { ...shown, isDryRun: false }),
      reducedLines(done, { ...shown, isDryRun: true }),
    ].flatMap((lines) => [...lines, '']);
  },
});
