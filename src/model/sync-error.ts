export type ErrorCode =
  | 'AUTH'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'HTTP'
  | 'NETWORK'
  | 'TIMEOUT'
  | 'TRUNCATED'
  | 'NOT_JSON'
  | 'DATABASE'
  | 'MASS_DISAPPEARANCE'
  | 'ABANDONED'
  | 'CANCELLED';

/**
 * A failure that a run can end with. The message says what failed and what to do, for people; it never holds a secret,
 * a token, a contract link or a person's data.
 */
export class SyncError extends Error {
  readonly code: ErrorCode;
  /** Whether trying the same again can help; decided where the error is born. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SyncError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
