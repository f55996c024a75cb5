/** States that a rule of `notify` can tell. The order is that of a message. */
export const NOTICE_KINDS = [
  'account_stale',
  'run_failing',
  'mass_disappearance',
  'rejected_items',
  'unknown_status',
  'target_breached',
  'review_due',
  'approval_lost',
  'erasure_due',
  'digest',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Kinds that count cases: they are told case by case, at most once a day and account. */
export const CASE_KINDS: readonly NoticeKind[] = ['target_breached', 'review_due', 'approval_lost', 'erasure_due'];

/**
 * One thing to tell of a kind and an account. began: it is so; still: it has been so for a day, or a week more; more:
 * it is so of further cases; over: it is no longer so; unwatched: nobody knows, because the account is not read.
 */
export const NOTICE_PHASES = ['began', 'still', 'more', 'over', 'unwatched'] as const;
export type NoticePhase = (typeof NOTICE_PHASES)[number];

/** A state that was told, as it is stored. */
export type Notice = {
  /** Since when it is so. */
  beganAt: Date;
  /** When something was last told about it. */
  toldAt: Date;
  /** How often it was told that it is still so. */
  reminders: number;
  /** How often it began again within a day of its end. */
  times: number;
  /** Since when it is not so; null = it is so, or its end was told. */
  endingSince: Date | null;
  /** When its end was told. */
  endedAt: Date | null;
  /** Causes of which each was told since it began; null = not stored by the version that told it. */
  causes: string[] | null;
};
