import { isCancel } from 'axios';
import { z } from 'zod';
import { type ErrorCode, SyncError } from '../model/sync-error.ts';

/** What was asked of the API, as errors tell it. */
export type Asked = {
  account: string;
  method: 'GET' | 'POST';
  /** Below the base URL and without the query. */
  path: string;
  /** When a token is asked for: whose client id and secret are to get it. */
  credentialsOf: string | null;
};

const NETWORK_ADVICE = 'Check that this machine reaches api.baseUrl; the next run tries again.';
const errorBody = z.object({ error: z.object({ message: z.string() }) });
const LONGEST_DETAIL = 200;

/** Whether the same request may well succeed later. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The error for a status that was not hoped for, with what the API said about it in `body`, free of `secrets`. */
export function refused(asked: Asked, { status, body, secrets }: { status: number; body: string; secrets: string[] }) {
  const detail = detailOf(body, secrets);
  const said = detail === null ? '' : ` ("${detail}")`;
  const [code, advice] = meaningOf(status, asked);
  return new SyncError(code, `${told(asked)} answered ${status}${said}. ${advice}`, { retryable: isPassing(status) });
}

function meaningOf(status: number, { credentialsOf, account }: Asked): [ErrorCode, string] {
  if (status === 401 && credentialsOf !== null) {
    return ['AUTH', `Check clientId and clientSecret of ${credentialsOf}.`];
  }
  if (status === 401) return ['AUTH', `A new token was refused too: check that the client belongs to ${account}.`];
  if (status === 403) return ['FORBIDDEN', 'The client needs the scope read:accounts or admin:accounts for it.'];
  if (status === 404) {
    return ['NOT_FOUND', 'A wrong host answers so without a hint: check api.baseUrl and the account id.'];
  }
  if (status === 429) return ['RATE_LIMITED', 'If it stays so, let the schedule ask less often.'];
  if (status >= 500) return ['HTTP', 'The API has trouble; the next run tries again.'];
  if (status >= 300 && status < 400) {
    return ['HTTP', 'Redirects are not followed, the token would go along: check api.baseUrl.'];
  }
  return ['HTTP', 'That is not what the API promises: check api.baseUrl and the filters.'];
}

/** The error for whatever axios or Node threw. An abort gives the signal's reason, a SyncError stays what it is. */
export function failed(asked: Asked, error: unknown, signal: AbortSignal): SyncError {
  if (signal.aborted) return cancelled(signal);
  if (error instanceof SyncError) return error;
  const code = fieldOf(error, 'code');
  // Never the error itself: it carries the request with its headers, the token among them.
  const cause = new Error([code, fieldOf(error, 'syscall'), fieldOf(error, 'message')].filter(Boolean).join(', '));
  if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') {
    return new SyncError('TIMEOUT', `${told(asked)} got no answer in time. ${NETWORK_ADVICE}`, {
      retryable: true,
      cause,
    });
  }
  if (code === '' || isCancel(error) || /^ERR_(?:INVALID|UNESCAPED|BAD_OPTION|BAD_REQUEST)/.test(code)) {
    const advice = 'Check api.baseUrl, and that the credentials are plain text.';
    return new SyncError('HTTP', `${told(asked)} could not be sent. ${advice}`, { cause });
  }
  return new SyncError('NETWORK', `${told(asked)} broke off (${code}). ${NETWORK_ADVICE}`, { retryable: true, cause });
}

/** The error for an answer that stopped coming. */
export function stalled(asked: Asked, seconds: number): SyncError {
  const message = `${told(asked)} sent nothing for ${seconds} s (api.timeoutSeconds). ${NETWORK_ADVICE}`;
  return new SyncError('TIMEOUT', message, { retryable: true });
}

/** The error for an answer with status 200 that is not what was asked for; `what` completes "the answer". */
export function unusable(asked: Asked, code: ErrorCode, what: string): SyncError {
  const advice = code === 'TRUNCATED' ? 'The next run reads it again.' : 'Check that api.baseUrl is the API.';
  return new SyncError(code, `${told(asked)}: the answer ${what}. ${advice}`);
}

/** The error to end with when `signal` was aborted: its reason, if that says it in our words. */
export function cancelled(signal: AbortSignal): SyncError {
  if (signal.reason instanceof SyncError) return signal.reason;
  return new SyncError('CANCELLED', 'The request was cancelled.');
}

function told({ account, method, path }: Asked): string {
  return `${account}: ${method} ${path}`;
}

function fieldOf(error: unknown, field: 'code' | 'syscall' | 'message'): string {
  if (typeof error !== 'object' || error === null || !(field in error)) return '';
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
}

function detailOf(body: string, secrets: string[]): string | null {
  try {
    return harmless(errorBody.parse(JSON.parse(body)).error.message, secrets);
  } catch {
    return null;
  }
}

/** Without what may be a secret or somebody's data: known secrets, URLs, addresses, long words and long numbers. */
function harmless(message: string, secrets: string[]): string {
  return secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), message)
    .slice(0, 10 * LONGEST_DETAIL)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\S{20,}|\S*(?::\/\/|@)\S*|\d{6,}/g, '…')
    .trim()
    .slice(0, LONGEST_DETAIL)
    .toWellFormed();
}
