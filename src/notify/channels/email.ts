import { createTransport } from 'nodemailer';
import type { EmailChannel } from '../../config/notify.ts';
import { counted } from '../../model/counted.ts';
import { type Message, messageText } from '../message/message.ts';
import { authOf, DEADLINE_MS, emailError, isTemporary, optionsOf, responseCode } from './mail-server.ts';

/** What became of a message that a channel took. */
export type Sent = {
  /** Number of recipients that the server refused. */
  refused: number;
  /** Recipients that it refused for now, as by greylisting, and the code of that answer. */
  deferred: readonly string[];
  code: number | null;
};

type Options = {
  /** Those of the channel's recipients that get the message; all of them are in its head. */
  recipients?: readonly string[];
  deadlineMs?: number;
};

/**
 * Sends an e-mail.
 * @throws ChannelError when the server takes it for nobody.
 */
export async function sendEmail(
  channel: EmailChannel,
  message: Message,
  { recipients = channel.to, deadlineMs = DEADLINE_MS }: Options = {},
): Promise<Sent> {
  const transport = createTransport({ ...optionsOf(channel), ...authOf(channel) });
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const { rejectedErrors = [] } = await transport.sendMail({
      // As objects and not as text, in which a comma or an angle bracket would add a recipient.
      from: { name: 'cdd-sync', address: channel.from },
      to: channel.to.map((address) => ({ name: '', address })),
      envelope: { from: channel.from, to: [...recipients] },
      subject: `[cdd-sync] ${message.title}`,
      messageId: `<${message.id}@cdd-sync>`,
      // No vacation answers, no mailing lists' answers.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      text: `${messageText(message)}\n`,
      disableFileAccess: true,
      disableUrlAccess: true,
      signal,
    });
    return outcomeOf(rejectedErrors);
  } catch (error) {
    throw emailError(channel, signal.aborted ? signal.reason : error);
  } finally {
    transport.close();
  }
}

function outcomeOf(errors: readonly { recipient?: string | undefined }[]): Sent {
  const deferred = errors.filter((error) => isTemporary(responseCode(error)));
  return {
    refused: errors.length - deferred.length,
    deferred: deferred.flatMap(({ recipient }) => recipient ?? []),
    code: responseCode(deferred[0]),
  };
}

/** A sentence about refused recipients; null if there are none. */
export function refusalText({ refused }: Sent): string | null {
  if (refused === 0) return null;
  return `The server refused ${counted(refused, 'recipient')}. Correct "to" of the channel.`;
}

/** A sentence about recipients that were refused for now; null if there are none. */
export function deferralText({ deferred, code }: Sent): string | null {
  return deferred.length === 0
    ? null
    : `The server refused ${counted(deferred.length, 'recipient')} for now (${code}).`;
}
