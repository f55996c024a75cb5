import { expect, test } from 'vitest';
import { reachChannel } from '../../../src/notify/channels/send.ts';
import { emailChannel, slackChannel, webhookChannel } from '../../support/channels.ts';
import { startMailServer, startReceiver } from '../../support/receivers.ts';

test('a check reaches the hosts and sends nothing', async () => {
  const receiver = await startReceiver(() => ({ status: 404 }));
  const mail = await startMailServer();
  await reachChannel(slackChannel(receiver.url));
  await reachChannel(emailChannel(mail.port));
  expect([receiver.received, mail.mails]).toEqual([[], []]);
  await receiver.close();
  await mail.close();
  await expect(reachChannel(webhookChannel(receiver.url))).rejects.toThrow('ECONNREFUSED');
  await expect(reachChannel(emailChannel(mail.port))).rejects.toThrow('ECONNREFUSED');
});
