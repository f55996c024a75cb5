import { describe, expect, test } from 'vitest';
import { CASE_KINDS, NOTICE_KINDS, NOTICE_PHASES, type NoticeKind } from '../../src/model/notice.ts';
import { visibleText } from '../../src/model/visible-text.ts';
import { slackPayload } from '../../src/notify/channels/slack.ts';
import { composeMessage } from '../../src/notify/message/compose.ts';
import { mergeItems } from '../../src/notify/message/merge.ts';
import { messageText } from '../../src/notify/message/message.ts';
import { parseFilter } from '../../src/pages/cases/filter.ts';
import { accountAddress, caseAddress } from '../../src/pages/html/link.ts';
import type { WaitingItem } from '../../src/store/notices/items.ts';
import { waitingItem } from '../support/notices.ts';

const BASE = 'https://cdd.example.com';
const CASES = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];

const messageOf = (items: readonly WaitingItem[], baseUrl: string | null = BASE, timezone = 'Europe/Oslo') =>
  composeMessage('4f1c0a52-7f0e-8d5f-8c8c-0d7b6a1f2e01', mergeItems(items), { baseUrl, timezone });

const CODES: Partial<Record<NoticeKind, string>> = {
  account_stale: 'AUTH',
  run_failing: 'AUTH',
  rejected_items: 'UNREADABLE_ITEM',
  unknown_status: 'ON_HOLD',
  digest: `P12345678:7:${'0a'.repeat(32)}`,
};

const phasesOf = (kind: NoticeKind) => {
  if (kind === 'approval_lost' || kind === 'digest') return ['began'] as const;
  return NOTICE_PHASES.filter((phase) => phase !== 'more' || CASE_KINDS.includes(kind));
};

const textOf = (...items: WaitingItem[]) => messageText(messageOf(items));

describe('a message', () => {
  test('says which account, what, since when, why, what to do, and where to look', () => {
    expect(textOf(waitingItem({ label: 'Acme Norge', code: 'NETWORK' }))).toMatchInlineSnapshot(`
      "P12345678 (Acme Norge) is late: Dintero cannot be reached (NETWORK). Since 24 Oct 2026 12:00 CEST.
      What to do: Check the network, DNS and the proxy of the worker: run "cdd-sync check".
      https://cdd.example.com/accounts/P12345678

      Message 4f1c0a52-7f0e-8d5f-8c8c-0d7b6a1f2e01 of cdd-sync."
    `);
    expect(
      textOf(waitingItem({ kind: 'approval_lost', caseIds: CASES, items: 2, newItems: 2 })),
    ).toMatchInlineSnapshot(`
      "P12345678: 2 cases lost their approval, or got another decision than before. The first on 24 Oct 2026 12:00 CEST.
      What to do: Look at the cases: does the customer still have services that need an approval?
      https://cdd.example.com/cases/P12345678/00000000-0000-4000-8000-000000000001
      https://cdd.example.com/cases/P12345678/00000000-0000-4000-8000-000000000002

      Message 4f1c0a52-7f0e-8d5f-8c8c-0d7b6a1f2e01 of cdd-sync."
    `);
    expect(
      textOf(
        waitingItem({ kind: 'target_breached', phase: 'more', items: 212, newItems: 12 }),
        waitingItem({ kind: 'review_due', items: 1, newItems: 1 }),
        waitingItem({ kind: 'run_failing', phase: 'over' }),
        waitingItem({ kind: 'rejected_items', phase: 'unwatched', code: 'paused' }),
      ),
    ).toMatchInlineSnapshot(`
      "P12345678: 1 periodic review is due soon or overdue. The first due date is 24 Oct 2026 12:00 CEST.
      What to do: Review the customer at Dintero.
      https://cdd.example.com/cases?review=overdue&account=P12345678
      https://cdd.example.com/cases?review=due_soon&account=P12345678

      P12345678: 212 cases are still past the target of their status, 12 of them since the last message. The oldest waits since 24 Oct 2026 12:00 CEST.
      What to do: Decide them at Dintero, or ask the applicant there.
      https://cdd.example.com/cases?target=breached&state=open&account=P12345678

      P12345678 is paused: nothing more is told about items that cannot be read. Since 24 Oct 2026 12:30 CEST.
      What to do: It is judged again when its runs go on.
      https://cdd.example.com/accounts/P12345678

      Runs of P12345678 succeed again. It lasted from 24 Oct 2026 12:00 CEST until 24 Oct 2026 12:30 CEST.
      https://cdd.example.com/accounts/P12345678

      Message 4f1c0a52-7f0e-8d5f-8c8c-0d7b6a1f2e01 of cdd-sync."
    `);
  });

  test('says every kind and phase in whole sentences, for one account and for several', () => {
    const lines = NOTICE_KINDS.flatMap((kind) =>
      phasesOf(kind).flatMap((phase) =>
        [1, 3].map((accounts) => {
          const items = Array.from({ length: accounts }, (_, index) =>
            waitingItem({
              kind,
              phase,
              items: 2,
              newItems: 1,
              accountId: `P1000000${index}`,
              code: phase === 'unwatched' ? 'disabled' : (CODES[kind] ?? null),
            }),
          );
          return messageOf(items)
            .sections.map(({ heading }) => heading)
            .join(' | ');
        }),
      ),
    );
    expect([...new Set(lines)].join('\n')).toMatchInlineSnapshot(`
      "P10000000 is late: Dintero refuses the client id or secret (AUTH). Since 24 Oct 2026 12:00 CEST.
      3 accounts are late: Dintero refuses the client id or secret (AUTH).
      P10000000 is still late: Dintero refuses the client id or secret (AUTH). Since 24 Oct 2026 12:00 CEST.
      3 accounts are still late: Dintero refuses the client id or secret (AUTH).
      P10000000 is fresh again. It lasted from 24 Oct 2026 12:00 CEST until 24 Oct 2026 12:30 CEST.
      3 accounts are fresh again.
      P10000000 is no longer read: nothing more is told about late data. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about late data.
      Runs of P10000000 fail: Dintero refuses the client id or secret (AUTH). Since 24 Oct 2026 12:00 CEST.
      Runs of 3 accounts fail: Dintero refuses the client id or secret (AUTH).
      Runs of P10000000 still fail: Dintero refuses the client id or secret (AUTH). Since 24 Oct 2026 12:00 CEST.
      Runs of 3 accounts still fail: Dintero refuses the client id or secret (AUTH).
      Runs of P10000000 succeed again. It lasted from 24 Oct 2026 12:00 CEST until 24 Oct 2026 12:30 CEST.
      Runs of 3 accounts succeed again.
      P10000000 is no longer read: nothing more is told about failing runs. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about failing runs.
      P10000000: 2 cases left the list at once; none was marked missing. Since 24 Oct 2026 12:00 CEST.
      3 accounts: 6 cases left the list at once; none was marked missing.
      P10000000: 2 cases are still held back. Since 24 Oct 2026 12:00 CEST.
      3 accounts: 6 cases are still held back.
      P10000000: no cases are held back any more. It lasted from 24 Oct 2026 12:00 CEST until 24 Oct 2026 12:30 CEST.
      3 accounts: no cases are held back any more.
      P10000000 is no longer read: nothing more is told about cases that are held back. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about cases that are held back.
      P10000000: 2 items of the list cannot be read; the list has an item without a readable id, so no case was marked missing (UNREADABLE_ITEM). Since 24 Oct 2026 12:00 CEST.
      3 accounts: 6 items of the list cannot be read; the list has an item without a readable id, so no case was marked missing (UNREADABLE_ITEM).
      P10000000: still 2 items of the list cannot be read; the list has an item without a readable id, so no case was marked missing (UNREADABLE_ITEM). Since 24 Oct 2026 12:00 CEST.
      3 accounts: still 6 items of the list cannot be read; the list has an item without a readable id, so no case was marked missing (UNREADABLE_ITEM).
      P10000000: all items of the list can be read again. It lasted from 24 Oct 2026 12:00 CEST until 24 Oct 2026 12:30 CEST.
      3 accounts: all items of the list can be read again.
      P10000000 is no longer read: nothing more is told about items that cannot be read. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about items that cannot be read.
      P10000000: 2 cases are in a status that Dintero does not document, such as “ON_HOLD”. Since 24 Oct 2026 12:00 CEST.
      3 accounts: 6 cases are in a status that Dintero does not document, such as “ON_HOLD”.
      P10000000: still 2 cases are in a status that Dintero does not document, such as “ON_HOLD”. Since 24 Oct 2026 12:00 CEST.
      3 accounts: still 6 cases are in a status that Dintero does not document, such as “ON_HOLD”.
      P10000000: no case is in a status that Dintero does not document any more. It lasted from 24 Oct 2026 12:00 CEST until 24 Oct 2026 12:30 CEST.
      3 accounts: no case is in a status that Dintero does not document any more.
      P10000000 is no longer read: nothing more is told about cases in an unknown status. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about cases in an unknown status.
      P10000000: 2 cases are past the target of their status. The oldest waits since 24 Oct 2026 12:00 CEST.
      3 accounts: 6 cases are past the target of their status.
      P10000000: 2 cases are still past the target of their status. The oldest waits since 24 Oct 2026 12:00 CEST.
      3 accounts: 6 cases are still past the target of their status.
      P10000000: 2 cases are still past the target of their status, 1 of them since the last message. The oldest waits since 24 Oct 2026 12:00 CEST.
      3 accounts: 6 cases are still past the target of their status, 3 of them since the last message.
      P10000000: no case is past the target of its status any more. Since 24 Oct 2026 12:30 CEST.
      3 accounts: no case is past the target of its status any more.
      P10000000 is no longer read: nothing more is told about cases past their target. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about cases past their target.
      P10000000: 2 periodic reviews are due soon or overdue. The first due date is 24 Oct 2026 12:00 CEST.
      3 accounts: 6 periodic reviews are due soon or overdue.
      P10000000: 2 periodic reviews are still due soon or overdue. The first due date is 24 Oct 2026 12:00 CEST.
      3 accounts: 6 periodic reviews are still due soon or overdue.
      P10000000: 2 periodic reviews are still due soon or overdue, 1 of them since the last message. The first due date is 24 Oct 2026 12:00 CEST.
      3 accounts: 6 periodic reviews are still due soon or overdue, 3 of them since the last message.
      P10000000: no periodic review is due any more. Since 24 Oct 2026 12:30 CEST.
      3 accounts: no periodic review is due any more.
      P10000000 is no longer read: nothing more is told about periodic reviews. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about periodic reviews.
      P10000000: 1 case lost its approval, or got another decision than before. On 24 Oct 2026 12:00 CEST.
      3 accounts: 3 cases lost their approval, or got another decision than before.
      P10000000: the time of 2 cases is over, and they are not erased. The first time was over on 24 Oct 2026 12:00 CEST.
      3 accounts: the time of 6 cases is over, and they are not erased.
      P10000000: the time of 2 cases is over, and they are still not erased. The first time was over on 24 Oct 2026 12:00 CEST.
      3 accounts: the time of 6 cases is over, and they are still not erased.
      P10000000: the time of 2 cases is over, and they are still not erased, 1 of them since the last message. The first time was over on 24 Oct 2026 12:00 CEST.
      3 accounts: the time of 6 cases is over, and they are still not erased, 3 of them since the last message.
      P10000000: no case is due to be erased any more. Since 24 Oct 2026 12:30 CEST.
      3 accounts: no case is due to be erased any more.
      P10000000 is no longer read: nothing more is told about cases that are due to be erased. Since 24 Oct 2026 12:30 CEST.
      3 accounts are no longer read: nothing more is told about cases that are due to be erased.
      P10000000: the digest of its history. Made on 24 Oct 2026 12:00 CEST.
      The digests of the histories of 3 accounts."
    `);
  });

  test('names ten accounts of a thousand', () => {
    const items = Array.from({ length: 1000 }, (_, index) => waitingItem({ accountId: `P${20_000_000 + index}` }));
    const message = messageOf(items);
    expect(message.title).toContain('1,000 accounts are late');
    expect(message.sections).toHaveLength(1);
    expect(message.sections[0]?.details).toHaveLength(11);
    expect(message.sections[0]?.details.at(-1)).toBe('and 990 more accounts');
    expect(messageText(message).length).toBeLessThan(1500);
  });

  test('has the times of the zone on both sides of a clock change', () => {
    const [before, after] = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) =>
      waitingItem({ beganAt: new Date(at) }),
    );
    const since = (item = waitingItem({}), zone = 'Europe/Oslo') => messageOf([item], BASE, zone).sections[0]?.heading;
    expect(since(before)).toContain('Since 25 Oct 2026 02:30 CEST');
    expect(since(after)).toContain('Since 25 Oct 2026 02:30 CET');
    expect(since(after, 'Asia/Tokyo')).toContain('Since 25 Oct 2026 10:30 GMT+9');
    expect(messageOf([before ?? waitingItem({})]).items[0]?.since).toBe('2026-10-25T00:30:00.000Z');
  });

  test('about one account names it in the command of the advice', () => {
    for (const kind of ['mass_disappearance', 'account_stale'] as const) {
      const one = waitingItem({ kind, code: 'MASS_DISAPPEARANCE', items: 3, newItems: 3 });
      expect(textOf(one)).toContain('"cdd-sync sync --account P12345678 --accept-missing"');
      expect(textOf(one, { ...one, accountId: 'P87654321' })).toContain(
        '"cdd-sync sync --account ID --accept-missing"',
      );
    }
  });

  test('says of an end that an earlier version stored only when it was judged', () => {
    expect(textOf(waitingItem({ phase: 'over', endedAt: null }))).toContain(
      'until 24 Oct 2026 12:45 CEST at the latest',
    );
  });

  test('without an address of the pages says where to look', () => {
    expect(messageText(messageOf([waitingItem({})], null))).toContain('run "cdd-sync status"');
    expect(messageOf([waitingItem({})], null).items[0]?.url).toBeNull();
  });

  test('links pages that exist, with parameters that they know', () => {
    const one = (changes: Partial<WaitingItem>) => messageOf([waitingItem(changes)]).sections[0]?.where ?? [];
    expect(one({})).toEqual([`${BASE}${accountAddress('P12345678')}`]);
    expect(one({ kind: 'approval_lost', caseIds: CASES })).toEqual(
      CASES.map((caseId) => `${BASE}${caseAddress({ accountId: 'P12345678', caseId })}`),
    );
    const two = ['P12345678', 'P12345679'].map((accountId) =>
      waitingItem({ kind: 'approval_lost', accountId, caseIds: CASES }),
    );
    expect(messageOf(two).sections[0]?.where).toHaveLength(4);
    for (const kind of ['unknown_status', 'target_breached', 'review_due', 'erasure_due'] as const) {
      for (const place of one({ kind })) {
        const { pathname, searchParams } = new URL(place);
        expect(pathname).toBe('/cases');
        expect(parseFilter(searchParams)).toMatchObject({ problems: [], filter: { account: ['P12345678'] } });
      }
    }
  });

  test('has hostile labels and statuses on one line, short, and without a meaning for Slack', () => {
    const hostile = `*Acme* <!channel> & <https://evil.example|bank>\r\nBcc: x@y.z\u001b[31m\u202e@here _no_ ${'x'.repeat(500)}`;
    const message = messageOf([
      waitingItem({ label: hostile }),
      waitingItem({ kind: 'unknown_status', code: hostile }),
    ]);
    const text = messageText(message);
    expect(visibleText(text)).toBe(text);
    expect(message.title).not.toContain('\n');
    expect([...message.title].length).toBeLessThan(170);
    const { text: fallback, blocks, mrkdwn } = slackPayload(message);
    expect(mrkdwn).toBe(false);
    expect(fallback).not.toMatch(/<|>|&(?!amp;|lt;|gt;)/);
    expect(fallback).toContain('*\u200bAcme*\u200b &lt;!channel&gt;');
    // Rich text has no syntax: it is shown as it is.
    expect(JSON.stringify(blocks)).toContain('*Acme* <!channel>');
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'rich_text', 'rich_text', 'rich_text']);
  });

  test('has no links and mentions of a label in the text that Mattermost, Rocket.Chat and Discord read', () => {
    const { text } = slackPayload(messageOf([waitingItem({ label: '@everyone [pay](https://evil.example)' })]));
    expect(text).not.toMatch(/@everyone|\]\(|https:\/\/evil/);
    expect(text).toContain(`\n${BASE}/accounts/P12345678\n`);
  });

  test('stays within the limits of Slack, however many things it tells', () => {
    const codes = Array.from({ length: 200 }, (_, index) => `CODE_${index}`);
    const items = codes.flatMap((code, index) => [
      waitingItem({ code, accountId: `P${10_000_000 + index}`, label: 'x'.repeat(200) }),
      waitingItem({ kind: 'run_failing', code, accountId: `P${10_000_000 + index}` }),
    ]);
    const message = messageOf(items);
    const { text, blocks } = slackPayload(message);
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(text.length).toBeLessThan(4000);
    expect(message.footer).toContain('380 more things are left out');
    expect(message.items).toHaveLength(400);
  });
});
