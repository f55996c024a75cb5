/** A point in time as whole microseconds since 1970-01-01T00:00:00Z: what Postgres keeps, and a JS Date would cut. */
export type Micros = number;

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
