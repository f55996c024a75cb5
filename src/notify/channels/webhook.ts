// JSON with the headers of https://www.standardwebhooks.com, so that receivers find a library that verifies them.
import { createHmac } from 'node:crypto';
import type { WebhookChannel } from '../../config/notify.ts';
import { type Message, messageText } from '../message/message.ts';
import { post } from './post.ts';

/** @throws ChannelError when the message was not taken. */
export async function sendToWebhook(channel: WebhookChannel, message: Message, now: Date): Promise<void> {
  const body = JSON.stringify(webhookPayload(message));
  await post({ channel, body, headers: signedHeaders(channel.secret, { id: message.id, body, now }) });
}

/** The same bytes for the same message, also when it is sent again. */
function webhookPayload(message: Message) {
  const { id, title, items, leftOut } = message;
  return {
    id,
    type: items.length === 0 ? 'test' : 'notice',
    title,
    text: messageText(message),
    items,
    items_left_out: leftOut,
  };
}

/** Headers with the id, the time in seconds, and a signature over both and the body. */
function signedHeaders(
  secret: string,
  { id, body, now }: { id: string; body: string; now: Date },
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** With the prefix whsec_, as libraries expect it, the rest is base64; any other secret is taken as it is. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
}
