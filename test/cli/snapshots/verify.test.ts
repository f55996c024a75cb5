import { verifiedLines } from '../../../src/cli/verify/text.ts';
import { type Finding, finding } from '../../../src/ledger/verify/finding.ts';
import { FirstOf } from '../../../src/ledger/verify/first-of.ts';
import type { VerifiedAccount } from '../../../src/ledger/verify/verify.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };
const CASE = '0d8d1ba4-4e5b-4d4e-9d2c-1a2b3c4d5e6f';
const RUN = '1f0a2b3c-4d5e-4f60-8a1b-2c3d4e5f6071';
const DIGEST = '814bbf9b9a8ce08cc611cfaefa6f45d42b2309a7af645c28d07d86d56dcfaa08';
const AT = '2026-11-02T13:00:00.123456Z';

const account: VerifiedAccount = {
  accountId: 'P12345678',
  chain: {
    links: 214,
    runs: 213,
    newest: { number: 214, digest: DIGEST, linkedAt: AT },
    beganAt: null,
    hasFirst: true,
    beforeFirstBatch: AT,
    isExpected: true,
  },
  cases: 1_203,
  published: 0,
  unlinkedBatches: 0,
  receipts: { erased: 0, reduced: 0, newest: [] },
  findings: new FirstOf<Finding>(10),
};
const erased: VerifiedAccount = {
  ...account,
  accountId: 'T12345678',
  chain: { ...account.chain, beganAt: AT },
  published: 1_203,
  unlinkedBatches: 3,
  receipts: {
    erased: 12,
    reduced: 3,
    newest: [{ caseId: CASE, kind: 'erased', erasedAt: AT, linkNumber: 212 }],
  },
};
const younger: VerifiedAccount = {
  ...account,
  accountId: 'P87654321',
  chain: { ...account.chain, links: 0, runs: 0, newest: null },
  unlinkedBatches: 1,
};

/** A time that is no Date. */
const neverMade = { number: 214, digest: DIGEST, linkedAt: 'infinity' };

function broken(most: number): VerifiedAccount {
  const findings = new FirstOf<Finding>(most);
  const place = { linkNumber: 12, runId: RUN, recordedAt: AT, caseId: CASE };
  findings.add(
    [
      finding({
        ...place,
        table: 'status_transitions',
        row: `sequence 3, recorded at ${AT}`,
        problem: 'was changed after it was recorded',
      }),
      finding({
        ...place,
        table: 'case_problems',
        row: `path ${ODD_TEXTS.hostile}, reason ${ODD_TEXTS.wide}`,
        problem: 'was not recorded then: it was added by hand',
      }),
      finding({
        ...place,
        table: null,
        problem: '2 rows that were added or closed then are gone, or were changed beyond recognition',
      }),
      finding({ table: 'digest_links', linkNumber: 7, problem: 'comes after link 5: link 6 is gone' }),
    ],
    1_300,
  );
  return { ...account, findings };
}

testSnapshots('verify', {
  lines: (style) => [
    ...verifiedLines([], { isAll: false, clock, style }),
    '',
    ...verifiedLines([account, erased], { isAll: false, clock, style }),
    '',
    ...verifiedLines([account, younger], { isAll: false, clock, style }),
    '',
    ...verifiedLines([younger], { isAll: false, clock, style }),
    '',
    ...verifiedLines([{ ...account, chain: { ...account.chain, newest: neverMade } }], { isAll: false, clock, style }),
    '',
    ...verifiedLines([broken(1), account], { isAll: false, clock, style }),
    '',
    ...verifiedLines([broken(10)], { isAll: true, clock, style }),
  ],
  ids: [CASE, RUN, DIGEST, 'P12345678', 'T12345678'],
});
