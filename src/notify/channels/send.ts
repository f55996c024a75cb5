import type { Channel } from '../../config/notify.ts';
import type { Message } from '../message/message.ts';
import { type Sent, sendEmail } from './email.ts';
import { reachMailServer } from './mail-server.ts';
import { reach } from './post.ts';
import { sendToSlack } from './slack.ts';
import { sendToWebhook } from './webhook.ts';

/**
 * Sends a message, of an e-mail only to these recipients if they are given.
 * @throws ChannelError when the channel does not take it.
 */
export async function sendMessage(
  channel: Channel,
  message: Message,
  { now, recipients }: { now: Date; recipients?: readonly string[] },
): Promise<Sent> {
  if (channel.type === 'email') return sendEmail(channel, message, recipients === undefined ? {} : { recipients });
  if (channel.type === 'slack') await sendToSlack(channel, message);
  else await sendToWebhook(channel, message, now);
  return { refused: 0, deferred: [], code: null };
}

/**
 * Whether the host of a channel answers. No message is sent.
 * @throws ChannelError when it does not.
 */
export async function reachChannel(channel: Channel): Promise<void> {
  await (channel.type === 'email' ? reachMailServer(channel) : reach(channel.url));
}
