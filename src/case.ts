// The vocabulary of the project as types. Imports nothing, so that everything may import it.

/** A point in time as whole microseconds since 1970-01-01T00:00:00Z: what Postgres keeps, and a JS Date would cut. */
export type Micros = number;

/** One element of the list's array as it was received. */
export type Element = {
  /** SHA-256 over what decides how a case is stored and the element's bytes; 32 bytes. */
  fingerprint: Buffer;
  /** Null where it cannot be told, or is not worth it. */
  content: Content | null;
  /** The element's JSON text in UTF-8; null when it was larger than `maxItemMegabytes` and therefore not kept. */
  bytes: Buffer | null;
  /** How many bytes the element had. */
  size: number;
  /** How deep its arrays and objects are nested; 0 for a bare string or number, and where it is known not to be deep. */
  depth: number;
};

/** What an element says, as far as can be told without parsing it. */
export type Content = {
  /** The same whatever the order of its keys; 16 bytes. */
  hash: Buffer;
  /** The lower-case uuid of its case; null where it has none that is written as one. */
  caseId: string | null;
};

/** What transitions are derived from: an event of a case. */
export type CaseEvent = {
  id: number;
  /** `case_status`, Dintero's word; null when the event says nothing about the status. */
  status: string | null;
  /** `created_at`; null when the API gave none. */
  createdAt: Micros | null;
  /** When it was recorded first; absent for one that is new. */
  recordedAt?: Micros;
};

/** A case whose document can be saved: everything a table has a column for was checked. */
export type Case = {
  /** Lower-case uuid. */
  id: string;
  createdAt: Micros | null;
  /** Every event once, in the order of the document. */
  events: CaseEvent[];
  /** The document, JSON text as it was received, in UTF-8. Postgres takes the columns out of it. */
  document: Buffer;
};

/** Why an item of the list could not become a case. Never holds a value of the item. */
export type Rejection = {
  /** The item's `id` where it could be read. */
  caseId: string | null;
  /** Where inside the item, `events[1].id` for example; empty for the item as a whole. */
  path: string;
  reason: string;
};

export type Parsed = { kind: 'case'; case: Case } | { kind: 'rejected'; rejection: Rejection };

/** A change of status. */
export type Transition = {
  sequence: number;
  fromStatus: string | null;
  toStatus: string;
  /** Null when neither the events nor the case gave a time, and the event is new: it is the time of recording. */
  occurredAt: Micros | null;
  occurredAtSource: 'event' | 'inferred';
  eventId: number;
};

/** What a run asked of the API and got; the client adds to it while it works. */
export type Traffic = { requests: number; retries: number; bytesRead: number };

/** Counters of traffic, to be counted in. */
export const noTraffic = (): Traffic => ({ requests: 0, retries: 0, bytesRead: 0 });

/** Receives one account's list. An error that it throws ends the fetch and is not retried. */
export type ListReader = {
  /** An answer begins; after a connection that broke midway it begins again from the top. */
  begin: () => Promise<void>;
  /** Whether this is the fingerprint of a case as it was before. Keep a copy, not the buffer. */
  knows: (fingerprint: Buffer) => boolean;
  /**
   * Takes the next element of the list by its fingerprint alone, if it is that of a case as it was before and nothing
   * else has to be done for it; it is not handed over then. Not to be asked while one before it is still to be.
   */
  skip: (fingerprint: Buffer) => boolean;
  /** The next elements, in the list's order. Nothing more is read from the network until this resolves. */
  elements: (elements: Element[]) => Promise<void>;
};

/** How a list ended that was read to its closing bracket, or needed no reading (304). */
export type ListEnd = { notModified: boolean; etag: string | null };

export type RunTrigger = 'schedule' | 'manual' | 'webhook';

export type RunState = 'running' | 'succeeded' | 'partial' | 'failed' | 'abandoned';

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
