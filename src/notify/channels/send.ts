import type { Channel } from '../../config/notify.ts';
import type { Message } from '../message/compose.ts';
import { reachMailServer, sendEmail } from './email.ts';
import { reach } from './post.ts';
import { sendToSlack } from './slack.ts';
import { sendToWebhook } from './webhook.ts';

/**
 * Sends a message. Returns a warning for a person if it was sent in part; mostly null.
 * @throws ChannelError when the channel does not take it.
 */
export async function sendMessage(channel: Channel, message: Message, now: Date): Promise<string | null> {
  if (channel.type === 'email') return sendEmail(channel, message);
  if (channel.type === 'slack') await sendToSlack(channel, message);
  else await sendToWebhook(channel, message, now);
  return null;
}

/**
 * Whether the host of a channel answers. No message is sent.
 * @throws ChannelError when it does not.
 */
export async function reachChannel(channel: Channel): Promise<void> {
  await (channel.type === 'email' ? reachMailServer(channel) : reach(channel.url));
}
