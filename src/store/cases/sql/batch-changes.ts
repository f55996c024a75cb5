import { Prisma } from '../../postgres/pool.ts';

/** Conditions of the rows that are added: of `compared_events`, and of `compared_transitions`. */
export const isAddedEvent = Prisma.sql`(is_stored_whole or (not is_stored_whole and not is_unchanged))`;
/** A row without to_status is a transition that only the table has. */
export const isAddedTransition = Prisma.sql`(to_status is not null and not is_unchanged)`;

/** Changes of a batch: numbers of added rows, and ids of cases that were known before. */
export type BatchChanges = {
  events: number;
  transitions: number;
  /** Cases with a closed row or an added transition; all others have not changed. */
  changed: string[];
  /** Of these, the cases with another document. */
  updated: string[];
  /** Of these, the cases with a document that differs apart from its events. */
  revised: string[];
};

/** The columns of the one row of `BatchChanges`. */
export const batchChanges = Prisma.sql`
      (select count(*)::integer from compared_events where ${isAddedEvent}) as events,
      (select count(*)::integer from compared_transitions where ${isAddedTransition}) as transitions,
      array(select case_id::text from changed_cases) as changed,
      array(select case_id::text from changed_cases where has_new_content) as updated,
      array(select case_id::text from changed_cases where closed_revision is not null) as revised`;
