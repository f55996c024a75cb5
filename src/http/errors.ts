import { isCancel } from 'axios';
import { z } from 'zod';
import { scrubText } from '../model/scrubbed-text.ts';
import { type ErrorCode, SyncError } from '../model/sync-error.ts';
import { ADDRESS, explainFailure } from './failure-advice.ts';
import type { RequestInfo } from './request.ts';

const TIMEOUT_ADVICE = `Check that this machine reaches ${ADDRESS}, through HTTPS_PROXY if that is set; the next run tries again.`;
const PROXY_PASSWORD_ADVICE = 'The proxy asks for user and password: HTTPS_PROXY=http://user:password@host:port.';
/** The usual error body of JSON APIs. Messages in other formats are not quoted, because they might be anything. */
const errorBody = z.object({ error: z.object({ message: z.string() }) });
const MAX_DETAIL_LENGTH = 200;
/** By status; any other is `HTTP`. */
const CODES: Record<number, ErrorCode> = { 401: 'AUTH', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 429: 'RATE_LIMITED' };

/** Whether the same request may succeed later, by the status of its response. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The error for an unwanted status. Quotes the API's message from `body`, without `secrets`. */
export function statusError(
  request: RequestInfo,
  { status, body, secrets }: { status: number; body: string; secrets: string[] },
): SyncError {
  const detail = detailOf(body, secrets);
  const quote = detail === null ? '' : ` ("${detail}")`;
  const advice = request.advice[status] ?? generalAdvice(status);
  const message = `${describe(request)} answered ${status}${quote}. ${advice}`;
  return new SyncError(CODES[status] ?? 'HTTP', message, { retryable: isTransientStatus(status) });
}

function generalAdvice(status: number): string {
  if (status === 429) return 'If this persists, schedule fewer runs.';
  if (status >= 500) return 'The API has trouble; the next run tries again.';
  if (status === 407) {
    return PROXY_PASSWORD_ADVICE;
  }
  if (status === 304)
    return `It was not asked whether something changed; a cache in between may answer so. Check ${ADDRESS}.`;
  if (status >= 300 && status < 400) {
    return `Redirects are not followed, because the token would be sent along: correct ${ADDRESS}.`;
  }
  return `This status is unexpected: check ${ADDRESS}, its http or https too.`;
}

/** The error for a failed request. An aborted signal gives its reason, and a SyncError is returned unchanged. */
export function requestError(request: RequestInfo, error: unknown, signal: AbortSignal): SyncError {
  if (signal.aborted) return cancelledError(signal);
  if (error instanceof SyncError) return error;
  const code = fieldOf(error, 'code');
  // Not the error itself: axios attaches the request with its headers, the token among them.
  const cause = new Error([code, fieldOf(error, 'syscall'), fieldOf(error, 'message')].filter(Boolean).join(', '));
  if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') {
    const message = `${describe(request)} got no answer in time. ${TIMEOUT_ADVICE}`;
    return new SyncError('TIMEOUT', message, { retryable: true, cause });
  }
  if (code === '' || isCancel(error) || /^ERR_(?:INVALID|UNESCAPED|BAD_OPTION|BAD_REQUEST)/.test(code)) {
    const advice = `Check ${ADDRESS}, HTTPS_PROXY if that is set, and the credentials for characters that a header cannot contain.`;
    return new SyncError('HTTP', `${describe(request)} could not be sent. ${advice}`, { cause });
  }
  const failure = { code, message: fieldOf(error, 'message'), address: addressOf(error) };
  const { cause: reason, advice, retryable } = explainFailure(failure);
  return new SyncError('NETWORK', `${describe(request)} failed (${code}): ${reason}. ${advice}`, {
    retryable,
    cause,
  });
}

/** The error for a proxy that does not connect to the API's host; `status` is the proxy's. */
export function proxyError(request: RequestInfo, status: number): SyncError {
  const advice =
    status === 407
      ? PROXY_PASSWORD_ADVICE
      : `Its administrator must allow the host of ${ADDRESS}, or NO_PROXY must name it.`;
  const message = `${describe(request)} failed: the proxy of HTTPS_PROXY answered ${status}. ${advice}`;
  return new SyncError('NETWORK', message, { retryable: isTransientStatus(status) });
}

/** The error for a response that stopped arriving. */
export function idleTimeoutError(request: RequestInfo, seconds: number): SyncError {
  const message = `${describe(request)} sent nothing for ${seconds} s (api.timeoutSeconds). ${TIMEOUT_ADVICE}`;
  return new SyncError('TIMEOUT', message, { retryable: true });
}

/** The error for a response that arrives, but too slowly. Not tried again: a run could last for hours. */
export function slowResponseError(
  request: RequestInfo,
  { seconds, bytes }: { seconds: number; bytes: number },
): SyncError {
  const amount = `${bytes} bytes in ${Math.round(seconds)} s`;
  const message = `${describe(request)} sent only ${amount}. The API, or a proxy in between, is too slow to be read; the next run tries again.`;
  return new SyncError('TIMEOUT', message);
}

/** The error for an unexpected body with status 200; `problem` completes the sentence "the answer …". */
export function invalidResponseError(request: RequestInfo, code: ErrorCode, problem: string): SyncError {
  const advice =
    code === 'TRUNCATED'
      ? 'The next run reads it again.'
      : `Check that ${ADDRESS} is the API, without a proxy in between that changes its answers.`;
  return new SyncError(code, `${describe(request)}: the answer ${problem}. ${advice}`);
}

/** The error for an aborted signal: its reason if that is a SyncError, else `CANCELLED`. */
export function cancelledError(signal: AbortSignal): SyncError {
  if (signal.reason instanceof SyncError) return signal.reason;
  return new SyncError('CANCELLED', 'The request was cancelled.');
}

function describe({ label, method, path }: RequestInfo): string {
  return `${label}: ${method} ${path}`;
}

function fieldOf(error: unknown, field: 'code' | 'syscall' | 'message' | 'address' | 'hostname'): string {
  if (typeof error !== 'object' || error === null || !(field in error)) return '';
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
}

/**
 * Host and port of a failed connection, or the host of a failed name resolution: those of a proxy differ from the
 * API's. Axios has Node's error as the cause.
 */
function addressOf(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const first: unknown = inner instanceof AggregateError ? inner.errors[0] : inner;
  const address = fieldOf(first, 'address');
  const port: unknown = address === '' ? undefined : Reflect.get(Object(first), 'port');
  if (typeof port === 'number') return `${address} port ${port}`;
  return address || fieldOf(first, 'hostname');
}

function detailOf(body: string, secrets: string[]): string | null {
  try {
    return redact(errorBody.parse(JSON.parse(body)).error.message, secrets);
  } catch {
    return null;
  }
}

/** Removes possible secrets and personal data: known secrets, long words, and what `scrubText` finds. */
function redact(message: string, secrets: string[]): string {
  const short = secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), message)
    .slice(0, 10 * MAX_DETAIL_LENGTH)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\S{20,}|\S*(?::\/\/|@)\S*|\d{6,}/g, '…');
  return scrubText(short).trim().slice(0, MAX_DETAIL_LENGTH).toWellFormed();
}
