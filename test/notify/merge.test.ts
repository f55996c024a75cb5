import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NoticePhase } from '../../src/model/notice.ts';
import { mergeItems, messageIdOf } from '../../src/notify/message/merge.ts';
import { waitingItem } from '../support/notices.ts';

const AT = Date.UTC(2026, 9, 25);
const items = (...phases: NoticePhase[]) =>
  phases.map((phase, index) =>
    waitingItem({ phase, items: 10 + index, newItems: index + 1, judgedAt: new Date(AT + index) }),
  );

describe('the backlog of a channel', () => {
  test.each([
    [['began'], { phase: 'began', items: 10, newItems: 10 }],
    [['began', 'more', 'still'], { phase: 'began', items: 12, newItems: 12 }],
    [['still', 'still'], { phase: 'still', items: 11 }],
    [['more', 'more'], { phase: 'more', items: 11, newItems: 3 }],
    [['more', 'still'], { phase: 'more', items: 11, newItems: 1 }],
    [['began', 'over'], { phase: 'over', wasUntold: true }],
    [['still', 'over'], { phase: 'over', wasUntold: false }],
    [['over', 'began'], { phase: 'began' }],
    [['began', 'unwatched'], { phase: 'unwatched', wasUntold: true }],
  ] as const)('is one line where it is %s', (phases, line) => {
    expect(mergeItems(items(...phases))).toEqual([expect.objectContaining(line)]);
  });

  test('says of a late account whose failures began later only that, and never that it is late when both are over', () => {
    const failing = (phase: NoticePhase, minute: number) =>
      waitingItem({ kind: 'run_failing', phase, judgedAt: new Date(AT + minute) });
    const kinds = (...waiting: Parameters<typeof mergeItems>[0]) =>
      mergeItems(waiting).map(({ kind, phase }) => `${kind} ${phase}`);
    expect(kinds(...items('began'), failing('began', 1), failing('over', 2))).toEqual(['run_failing over']);
    expect(kinds(...items('began', 'over'), failing('began', 1))).toEqual(['account_stale over', 'run_failing began']);
    const lateAgain = waitingItem({ judgedAt: new Date(AT + 3) });
    expect(kinds(...items('began'), failing('began', 1), failing('over', 3), lateAgain)).toEqual([
      'account_stale began',
      'run_failing over',
    ]);
  });

  test('sums lost approvals, and links five of their cases', () => {
    const lost = [1, 2, 3].map((number) =>
      waitingItem({
        kind: 'approval_lost',
        newItems: number,
        caseIds: [`a${number}`, `b${number}`, `c${number}`],
        beganAt: new Date(AT + number),
      }),
    );
    expect(mergeItems(lost)).toEqual([
      expect.objectContaining({
        items: 6,
        newItems: 6,
        beganAt: new Date(AT + 1),
        caseIds: ['a1', 'b1', 'c1', 'a2', 'b2'],
      }),
    ]);
  });

  test('is one line a kind and account, however much it is', () => {
    const waiting = fc.array(
      fc.record({
        kind: fc.constantFrom('account_stale', 'review_due', 'approval_lost'),
        accountId: fc.constantFrom('P10000001', 'P10000002'),
        phase: fc.constantFrom('began', 'still', 'more', 'over', 'unwatched'),
      }),
    );
    fc.assert(
      fc.property(waiting, (some) => {
        const lines = mergeItems(some.map((one) => waitingItem(one)));
        const keys = lines.map(({ kind, accountId }) => `${kind} ${accountId}`);
        expect(keys).toHaveLength(new Set(some.map(({ kind, accountId }) => `${kind} ${accountId}`)).size);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('has one id as long as it is the same, in whatever order, and another when something is added', () => {
    const [one, other] = [{ id: 'a' }, { id: 'b' }];
    expect(messageIdOf([one, other])).toBe(messageIdOf([other, one]));
    expect(messageIdOf([one])).not.toBe(messageIdOf([one, other]));
    expect(messageIdOf([one])).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
