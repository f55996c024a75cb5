import { expect } from 'vitest';
import { parsePublished } from '../../src/ledger/verify/published.ts';
import { verifyAccounts } from '../../src/ledger/verify/verify.ts';
import { slackPayload } from '../../src/notify/channels/slack.ts';
import { composeMessage } from '../../src/notify/message/compose.ts';
import { mergeItems } from '../../src/notify/message/merge.ts';
import { messageText } from '../../src/notify/message/message.ts';
import { saveAccounts } from '../../src/store/accounts/accounts.ts';
import { chainStates } from '../../src/store/ledger/chain-state.ts';
import { waitingItems } from '../../src/store/notices/items.ts';
import { test } from '../support/database.ts';
import { judgeAt, notifySettings, takeItems, told, waitingItem } from '../support/notices.ts';
import { ACCOUNT, createRig } from '../support/rig.ts';
import { sandboxAccount } from '../support/sandbox-account.ts';

const DAY = 24 * 3_600_000;
const SURROUNDINGS = { baseUrl: 'https://cdd.example.com', timezone: 'UTC' };

test('a digest is told once a day while the chain grows, as verify reads it; a metric keeps one a day', async ({
  db: { database },
}) => {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 3 } });
  const settings = notifySettings(['digest']);
  const judgeOn = (day: number) => judgeAt(database, settings, new Date(Date.now() + day * DAY));
  await saveAccounts(database, [sandboxAccount(ACCOUNT)]);
  await judgeOn(0);
  expect(await takeItems(database)).toEqual([]);
  expect(await chainStates(database)).toEqual([]);
  await rig.sync();
  const [first] = await chainStates(database);
  await judgeOn(0.01);
  const text = messageText(composeMessage('id', mergeItems(await waitingItems(database, 'ops')), SURROUNDINGS));
  const lines = text.split('\n').filter((line) => /^P\d+:\d+:/.test(line));
  const published = parsePublished(lines.join('\n'), 'the message');
  expect(published).toEqual([{ accountId: ACCOUNT, number: first?.newest, digest: expect.any(String) }]);
  expect(await takeItems(database)).toEqual([told('digest', 'began', { code: lines[0] })]);

  rig.sandbox.world.serve(
    ACCOUNT,
    JSON.stringify([{ id: '00000000-0000-4000-8000-000000000001', account_id: ACCOUNT, events: [] }]),
  );
  await rig.sync();
  await judgeOn(0.5);
  expect(await takeItems(database)).toEqual([]);
  await judgeOn(1.1);
  expect(await takeItems(database)).toEqual([told('digest', 'began')]);
  await judgeOn(3);
  expect(await takeItems(database)).toEqual([]);
  // A clock that was ahead for a year does not silence the channel.
  await database.$executeRaw`update cdd.notices set told_at = now() + interval '1 year', causes = '{}'`;
  await judgeOn(4);
  expect(await takeItems(database)).toEqual([told('digest', 'began')]);

  const [last] = await chainStates(database);
  expect(last).toMatchObject({ accountId: ACCOUNT, newest: (first?.newest ?? 0) + 1 });
  expect({ ...last, newest: 0 }).toEqual({ ...first, newest: 0 });
  const verified = (changes = {}) =>
    verifyAccounts(database, {
      accountIds: [],
      published: published.map((one) => ({ ...one, ...changes })),
      most: 1,
      signal: new AbortController().signal,
      onProgress: () => {},
    });
  expect((await verified())[0]?.findings.total).toBe(0);
  expect((await verified({ digest: '00'.repeat(32) }))[0]?.findings.total).toBe(1);
  await rig.close();
});

test('a message has the digests of all accounts, and for Slack as many as it takes', () => {
  const items = Array.from({ length: 300 }, (_, index) =>
    waitingItem({
      kind: 'digest',
      accountId: `P${20_000_000 + index}`,
      code: `P${20_000_000 + index}:7:${'0a'.repeat(32)}`,
    }),
  );
  const message = composeMessage('id', mergeItems(items), SURROUNDINGS);
  expect(message.title).toBe('The digests of the histories of 300 accounts');
  expect(messageText(message).match(/^P2\d{7}:7:(0a){32}$/gm)).toHaveLength(300);
  expect(message.items[299]?.code).toBe(items[299]?.code);
  const blocks = JSON.stringify(slackPayload(message).blocks);
  expect(blocks).toContain('and 275 more: \\"cdd-sync verify --print\\"');
  expect(blocks.length).toBeLessThan(4000);
});
