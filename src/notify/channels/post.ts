import type { SlackChannel, WebhookChannel } from '../../config/notify.ts';
import { ChannelError, connectionError } from './failure.ts';

const TIMEOUT_MS = 15_000;
/** Receivers answer with a word or two. */
const MOST_ANSWER = 1000;
const MAX_WAIT_MS = 3_600_000;

type Post = {
  channel: SlackChannel | WebhookChannel;
  body: string;
  headers?: Record<string, string>;
  timeoutMs?: number;
};

/**
 * Sends a POST with JSON and does not follow redirects: another host must not get the message.
 * @throws ChannelError when the answer is no 2xx, or none.
 */
export async function post({ channel, body, headers = {}, timeoutMs = TIMEOUT_MS }: Post): Promise<void> {
  const { host } = new URL(channel.url);
  const answer = await fetch(channel.url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'cdd-sync', ...headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw connectionError(host, error);
  });
  const word = await wordOf(answer);
  if (!answer.ok) throw answerError(channel.type, host, answer, word);
}

/** Whether the host answers, whatever it says. Nothing is sent to the address itself. */
export async function reach(url: string, timeoutMs = TIMEOUT_MS): Promise<void> {
  const { host, origin } = new URL(url);
  const signal = AbortSignal.timeout(timeoutMs);
  const answer = await fetch(origin, { method: 'HEAD', redirect: 'manual', signal }).catch((error: unknown) => {
    throw connectionError(host, error);
  });
  await answer.body?.cancel();
}

/** The answer if it is one of Slack's words, such as `no_service`. Any other text may repeat the message. */
async function wordOf(answer: Response): Promise<string | null> {
  const text = await shortText(answer).catch(() => '');
  return /^[a-z_]{2,60}$/.test(text) ? text : null;
}

async function shortText(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const part of answer.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > MOST_ANSWER) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_ANSWER).toString('utf8').trim();
}

const NEW_WEBHOOK =
  'Make a new incoming webhook, put its URL where the configuration reads it, and restart the worker.';

function answerError(type: 'slack' | 'webhook', host: string, answer: Response, word: string | null): ChannelError {
  const { status } = answer;
  const said = `${host} answered ${status}${word === null ? '' : ` (${word})`}`;
  const retryAfterMs = waitOf(answer.headers.get('retry-after'));
  if (status === 429 || status >= 500 || status === 408) {
    return new ChannelError(`${said}: it cannot take messages now.`, { isPermanent: false, retryAfterMs });
  }
  return new ChannelError(`${said}: ${adviceOf(type, status)}`, { isPermanent: true });
}

function adviceOf(type: 'slack' | 'webhook', status: number): string {
  if (status >= 300 && status < 400) return 'redirects are not followed. Configure the address that it redirects to.';
  if (type === 'slack' && [401, 403, 404, 410].includes(status))
    return `the webhook was removed or its channel archived. ${NEW_WEBHOOK}`;
  if (type === 'slack') return `it does not accept the message. ${NEW_WEBHOOK}`;
  if (status === 401 || status === 403)
    return 'it refuses the message. Compare the secret of the signature on both sides.';
  if (status === 404 || status === 410) return 'nothing is there. Correct the URL, and restart the worker.';
  return 'it does not accept the message. Look at the log of the receiver.';
}

/** Retry-After in seconds; a date is not obeyed. */
function waitOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Math.min(Number(header) * 1000, MAX_WAIT_MS) : null;
}
