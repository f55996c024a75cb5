/** The values of `error_code` in cdd.sync_runs. */
export const ERROR_CODES = [
  'AUTH',
  'FORBIDDEN',
  'NOT_FOUND',
  'RATE_LIMITED',
  'HTTP',
  'NETWORK',
  'TIMEOUT',
  'TRUNCATED',
  'NOT_JSON',
  'DATABASE',
  'MASS_DISAPPEARANCE',
  'UNREADABLE_ITEM',
  'ABANDONED',
  'CANCELLED',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * An error that a run can end with. The message tells people the failure and the next step. It never contains secrets,
 * tokens, contract links or personal data.
 */
export class SyncError extends Error {
  readonly code: ErrorCode;
  /** Whether a retry can help; decided by the code that creates the error. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SyncError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}
