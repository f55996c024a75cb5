/** Whole microseconds since 1970-01-01T00:00:00Z: the precision of Postgres, which a JS Date does not have. */
export type Micros = number;

/** The parts of a case's event from which transitions are derived. */
export type CaseEvent = {
  id: number;
  /** `case_status` as Dintero sends it; null for an event without a status. */
  status: string | null;
  /** `created_at`; null if it is missing. */
  createdAt: Micros | null;
  /** The time of its first recording; undefined for a new event. */
  recordedAt?: Micros | undefined;
};

/** A place in a document where a value is not as the API documents it. Never contains the value. */
export type Problem = {
  /** Path inside the item, for example `case_for.account_id` or `events[id=7].created_at`; empty for the item itself. */
  path: string;
  /** The type that was expected and the one that was found. */
  reason: string;
};

/** A parsed case. */
export type Case = {
  /** Lower-case uuid. */
  id: string;
  createdAt: Micros | null;
  /** Each event once, in the order of the document. */
  events: CaseEvent[];
  /** Whether an event has an `error` that can be read. */
  hasErrors: boolean;
  /** The JSON text as received, in UTF-8. The batch's statement extracts the columns from it. */
  document: Buffer;
  problems: readonly Problem[];
  /** For a case with problems, the JSON text that the columns are extracted from instead: fields that can be read. */
  readable: string | null;
};

/** The reason why an item of the list cannot be saved. `caseId` is the item's `id`; null if it is unreadable. */
export type Rejection = Problem & { caseId: string | null };

/** The result of parsing one item of the list. */
export type ParsedItem = { kind: 'case'; case: Case } | { kind: 'rejected'; rejection: Rejection };

/** A change of status. */
export type Transition = {
  sequence: number;
  fromStatus: string | null;
  toStatus: string;
  /** Null means the time of recording: the event is new, and neither the events nor the case have a time. */
  occurredAt: Micros | null;
  occurredAtSource: 'event' | 'inferred';
  eventId: number;
};
