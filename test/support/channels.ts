import type { Channel, EmailChannel, SlackChannel, WebhookChannel } from '../../src/config/notify.ts';
import { ChannelError } from '../../src/notify/channels/failure.ts';
import { sendMessage } from '../../src/notify/channels/send.ts';
import { composeMessage } from '../../src/notify/message/compose.ts';
import { mergeItems } from '../../src/notify/message/merge.ts';
import type { Message } from '../../src/notify/message/message.ts';
import { waitingItem } from './notices.ts';

export const MESSAGE_ID = '4f1c0a52-7f0e-8d5f-8c8c-0d7b6a1f2e01';
export const NOW = new Date('2026-10-25T00:30:00.900Z');
export const SECRET = 'a-secret-of-at-least-24-letters';

/** A message that an account of this label is late. */
export function noticeMessage(label = 'Acme'): Message {
  const lines = mergeItems([waitingItem({ label })]);
  return composeMessage(MESSAGE_ID, lines, { baseUrl: 'https://cdd.example.com', timezone: 'UTC' });
}

export function slackChannel(url: string): SlackChannel {
  return { id: 'ops', type: 'slack', url };
}

export function webhookChannel(url: string, secret = SECRET): WebhookChannel {
  return { id: 'siem', type: 'webhook', url, secret };
}

/** Mail to two recipients by a server on this machine. */
export function emailChannel(port: number, changes: Partial<EmailChannel> = {}): EmailChannel {
  return {
    id: 'mail',
    type: 'email',
    host: '127.0.0.1',
    port,
    security: 'none',
    password: null,
    from: 'cdd@example.com',
    to: ['a@example.com', 'b@example.com'],
    ...changes,
  };
}

/** The error of a message that the channel does not take. */
export async function failureOf(channel: Channel): Promise<ChannelError> {
  const error = await sendMessage(channel, noticeMessage(), { now: NOW }).catch((thrown: unknown) => thrown);
  if (!(error instanceof ChannelError)) throw new Error(`not refused: ${error}`);
  return error;
}
